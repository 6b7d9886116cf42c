/// The literal model of evidence aggregation: SEAL's two stages with true spans, every occurrence
/// found by a scan, sums in double precision.
package struct NaiveEvidenceScorer: Sendable {
    package struct Key: Sendable {
        package var tokens: [Int32]
        package var weight: Double
        /// Whether occurrences that a word goes on behind do not count.
        package var isWhole: Bool

        package init(tokens: [Int32], weight: Double, isWhole: Bool = false) {
            self.tokens = tokens
            self.weight = weight
            self.isWhole = isWhole
        }
    }

    /// What one key, or one single token, gave to a passage.
    package struct Contribution: Sendable {
        package var tokens: [Int32]
        package var coverage: Double
        package var weight: Double
    }

    package var maxHits = 1500
    package var beta = 0.8
    package var singleKey = 0.0
    package var allowsOverlaps = false
    package var repeatShare = 0.0
    package var lengthNormalization = 0.0
    /// Whether stage 1 takes the span on the other side of the place found, as the reference does.
    package var mirrorsSpans = false
    /// Whether stage 1 goes through occurrences in the order of their suffixes instead of from the left.
    package var inSuffixOrder = false
    /// The tokens that go on with a word: no whole key and no single token counts that one stands behind.
    package var continuations: Set<Int32> = []
    private let documents: [[Int32]]
    private let documentEnd: Int32
    private let keys: [Key]
    private let unigrams: [Int32: Double]
    /// All passages reversed, one after the other, one more document end, and the sentinel.
    private let reversed: [Int32]

    /// `documents` are complete token lists that end with `documentEnd`; `keys` are distinct.
    package init(documents: [[Int32]], documentEnd: Int32, keys: [Key], unigrams: [Int32: Double]) {
        self.documents = documents
        self.documentEnd = documentEnd
        // Weight falling; keys of equal weight in the order of their tokens.
        self.keys = keys.filter { $0.weight > 0 }.sorted { a, b in
            a.weight != b.weight ? a.weight > b.weight : a.tokens.lexicographicallyPrecedes(b.tokens)
        }
        self.unigrams = unigrams
        reversed = documents.flatMap { $0.reversed() } + [documentEnd, -1]
    }

    /// r(n, C) = 1 - beta + beta |set(n) \ C| / |set(n)|; 1 while C is empty.
    private func coverage(_ tokens: [Int32], _ covered: Set<Int32>) -> Double {
        if covered.isEmpty { return 1 }
        let distinct = Set(tokens)
        return 1 - beta + beta * Double(distinct.subtracting(covered).count) / Double(distinct.count)
    }

    /// Where a key stands in the reversed text, in the order of stage 1.
    private func places(of tokens: [Int32]) -> [Int] {
        let pattern = Array(tokens.reversed())
        guard !pattern.isEmpty, pattern.count < reversed.count else { return [] }
        return (0..<(reversed.count - pattern.count)).filter { start in
            pattern.indices.allSatisfy { reversed[start + $0] == pattern[$0] }
        }.sorted {
            inSuffixOrder ? reversed[$0...].lexicographicallyPrecedes(reversed[$1...]) : $0 > $1
        }
    }

    /// Stage 1: the score of every passage that a rare key stands in.
    package func firstStage() -> [Int: Double] {
        let ends = documents.reduce(into: [Int]()) { $0.append(($0.last ?? 0) + $1.count) }
        var used: Set<Int> = []
        var taken: [Int: [Key]] = [:]
        for key in keys {
            // In the reversed text the token behind an occurrence stands before it.
            let places = places(of: key.tokens).filter {
                $0 == 0 || !key.isWhole || !continuations.contains(reversed[$0 - 1])
            }
            guard places.count <= maxHits else { continue }
            var counted: Set<Int> = []
            for place in places {
                // The closing document end belongs to no passage.
                guard let document = ends.firstIndex(where: { place < $0 }) else { continue }
                taken[document, default: []] += []
                let span = mirrorsSpans ? place - key.tokens.count..<place : place..<place + key.tokens.count
                guard allowsOverlaps || used.isDisjoint(with: span) else { continue }
                used.formUnion(span)
                if counted.insert(document).inserted { taken[document, default: []].append(key) }
            }
        }
        return taken.mapValues { keys in
            var covered: Set<Int32> = []
            return keys.reduce(0) { sum, key in
                defer { covered.formUnion(key.tokens) }
                return sum + coverage(key.tokens, covered) * key.weight
            }
        }
    }

    private func goesOn(_ tokens: [Int32], _ position: Int) -> Bool {
        position + 1 < tokens.count && continuations.contains(tokens[position + 1])
    }

    /// Stage 2: the score of one passage and where it comes from.
    package func score(_ document: Int) -> (score: Double, contributions: [Contribution]) {
        let tokens = [documentEnd] + documents[document].dropLast()
        var free = Array(repeating: true, count: tokens.count)
        var covered: Set<Int32> = []
        var contributions: [Contribution] = []
        var best = 0.0
        var repeats = 0.0
        for key in keys where key.tokens.count <= tokens.count {
            var isCounted = false
            for start in 0...(tokens.count - key.tokens.count) {
                let span = start..<start + key.tokens.count
                guard Array(tokens[span]) == key.tokens, !(key.isWhole && goesOn(tokens, span.upperBound - 1))
                else { continue }
                best = max(best, key.weight)
                let factor = coverage(key.tokens, covered)
                guard isCounted || factor > 0, allowsOverlaps || free[span].allSatisfy({ $0 })
                else { continue }
                for position in span { free[position] = false }
                if isCounted {
                    repeats += repeatShare * key.weight
                    continue
                }
                isCounted = true
                contributions.append(.init(tokens: key.tokens, coverage: factor, weight: key.weight))
                covered.formUnion(key.tokens)
            }
        }
        for token in Set(tokens.indices.filter { free[$0] && !goesOn(tokens, $0) }.map { tokens[$0] }).sorted() {
            guard let weight = unigrams[token], weight > 0 else { continue }
            contributions.append(
                .init(tokens: [token], coverage: coverage([token], covered), weight: weight))
        }
        let sum = contributions.reduce(repeats) { $0 + $1.coverage * $1.weight }
        let meanLength = Double(documents.reduce(0) { $0 + $1.count }) / Double(documents.count)
        let length = Double(documents[document].count) / meanLength
        let score = (1 - singleKey) * sum + singleKey * best
        return (score / (1 - lengthNormalization + lengthNormalization * length), contributions)
    }
}
