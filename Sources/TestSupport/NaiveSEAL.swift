#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The literal model of SEAL's key search: every sequence is looked for by a scan of the passages,
/// every weight is computed in double precision, one key after the other.
package struct NaiveSEAL: Sendable {
    package enum View: Int, Sendable, CaseIterable { case body, title, pseudoQuery }

    package struct Key: Sendable, Equatable {
        package var tokens: [Int32]
        package var view: View?
        package var count: Int
        package var logProb: Float
        package var weight: Double
    }

    package struct Deviations: Sendable {
        package var freeFirstTitleToken = false
        package var passedDocumentEnds = false
        package var bareRescoring = false
        package var unreachableLastTitle = false

        package init() {}
    }

    package var documentEnd: Int32
    package var titleEnd: Int32
    package var queryStart: Int32?
    package var excluded: Set<Int32> = []
    package var vocabulary: Int32
    package var beams = 15
    package var keyLength = 9
    package var titleLength = 15
    package var keepsPartialTitles = false
    package var stopAtCount = 0
    package var topUnigrams = 5000
    package var addsBestUnigrams = true
    package var exponent = 2.0
    package var smoothing = 5.0
    package var lengthDiscount = 0.0
    package var lengthPenalty: Float = 0
    package var usesCounts = true
    package var raisesUnigrams = false
    package var maximumCount = Int.max
    package var deviations = Deviations()

    private let documents: [[Int32]]
    /// The closing document end, then the passages from last to first: the order in which the index,
    /// whose text is reversed, reads.
    private let reading: [Int32]

    package init(
        documents: [[Int32]], documentEnd: Int32, titleEnd: Int32, queryStart: Int32?, vocabulary: Int32
    ) {
        self.documents = documents
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
        self.queryStart = queryStart
        self.vocabulary = vocabulary
        reading = [documentEnd] + documents.reversed().joined()
    }

    /// How often a sequence stands in the text.
    package func count(_ sequence: [Int32]) -> Int {
        guard let first = sequence.first, sequence.count <= reading.count else { return 0 }
        var found = 0
        for start in 0...(reading.count - sequence.count) where reading[start] == first {
            var length = 1
            while length < sequence.count, reading[start + length] == sequence[length] { length += 1 }
            if length == sequence.count { found += 1 }
        }
        return found
    }

    private var tokenCount: Int { documents.reduce(0) { $0 + $1.count } }

    /// What stands before every sequence of a view.
    private func anchor(_ view: View) -> [Int32]? {
        switch view {
        case .body: []
        case .title: deviations.freeFirstTitleToken ? [] : [documentEnd]
        case .pseudoQuery: queryStart.map { [$0] }
        }
    }

    private func mayGenerate(_ token: Int32, _ view: View) -> Bool {
        if excluded.contains(token) || token == queryStart { return false }
        if token == documentEnd { return view == .title && deviations.passedDocumentEnds }
        return token != titleEnd || view != .body
    }

    private func isAllowed(_ prefix: [Int32], _ view: View) -> Bool {
        guard let anchor = anchor(view), let last = prefix.last, mayGenerate(last, view) else { return false }
        if prefix.count > 1, stopAtCount > 0, count(anchor + prefix.dropLast()) <= stopAtCount { return false }
        return count(anchor + prefix) > 0
    }

    /// The score of a token: the view of the prompt, whether it is marked, the prefix, the token.
    package typealias Model = (View, Bool, [Int32], Int32) -> Float

    private func score(_ sequence: [Int32], _ view: View, marked: Bool, _ model: Model) -> Float {
        sequence.indices.reduce(Float(0)) { $0 + model(view, marked, Array(sequence[..<$1]), sequence[$1]) }
    }

    /// All keys of a query, weighed; the phrases are the query's own n-grams in their order. The
    /// second value is the weights of single tokens.
    package func keys(phrases: [[Int32]], model: Model) -> (keys: [Key], unigrams: [Int32: Double]) {
        var keys: [Key] = []
        func add(_ tokens: [Int32], _ view: View?, _ logProb: Float) {
            let count = count(tokens)
            guard logProb > -.infinity, count > 0, count <= maximumCount,
                !keys.contains(where: { $0.tokens == tokens })
            else { return }
            let penalty = lengthPenalty == 0 ? 1 : pow(Float(tokens.count), lengthPenalty)
            keys.append(Key(tokens: tokens, view: view, count: count, logProb: logProb / penalty, weight: 0))
        }
        for found in generate(.body, model) {
            add(
                found.tokens, .body,
                deviations.bareRescoring
                    ? score(found.tokens, .body, marked: false, model) : found.logProb)
        }
        for phrase in phrases where !phrase.isEmpty {
            guard deviations.passedDocumentEnds || phrase.allSatisfy({ mayGenerate($0, .body) }) else { continue }
            add(phrase, nil, score(phrase, .body, marked: true, model))
        }
        for found in generate(.title, model) where keepsPartialTitles || found.tokens.last == titleEnd {
            let isLast = documents.last?.starts(with: found.tokens) ?? false
            let tokens = [documentEnd] + found.tokens
            if deviations.unreachableLastTitle, isLast, count(tokens) == 1 { continue }
            add(tokens, .title, found.logProb)
        }
        if let queryStart {
            for found in generate(.pseudoQuery, model) where found.tokens.last == titleEnd {
                add([queryStart] + found.tokens, .pseudoQuery, found.logProb)
            }
        }
        let cutoff = (keys.map { Double($0.logProb) }.min() ?? 0) - 0.1
        for place in keys.indices {
            let key = keys[place]
            keys[place].weight = pow(base(key.logProb, key.count, key.tokens.count, cutoff), exponent)
        }
        let unigrams = unigrams(keys, cutoff, model)
        if addsBestUnigrams {
            let best = unigrams.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            for (token, weight) in best.prefix(keys.count) {
                keys.append(
                    Key(
                        tokens: [token], view: nil, count: count([token]),
                        logProb: model(.body, true, [], token), weight: weight))
            }
        }
        return (keys, unigrams)
    }

    private func generate(_ view: View, _ model: Model) -> [NaiveBeamSearch.Result] {
        NaiveBeamSearch(beams: beams, maximumLength: view == .body ? keyLength : titleLength).run(
            vocabulary: vocabulary, logProb: { model(view, true, $0, $1) },
            isAllowed: { isAllowed($0, view) },
            isComplete: { view != .body && $0.last == titleEnd })
    }

    /// The weight before the exponent.
    private func base(_ logProb: Float, _ count: Int, _ length: Int, _ cutoff: Double) -> Double {
        let discount = pow(1 - lengthDiscount, Double(length - 1))
        guard usesCounts else { return max(0, Double(logProb) - cutoff) * discount }
        let given = min(Double(logProb), -1e-10) * discount
        let prior = (Double(count) + smoothing) / (Double(tokenCount) + smoothing)
        guard prior < 1 else { return 0 }
        return max(0, given + log(1 - prior) - log(prior) - log(1 - exp(given)))
    }

    private func unigrams(_ keys: [Key], _ cutoff: Double, _ model: Model) -> [Int32: Double] {
        var scored: [(token: Int32, logProb: Float)] = []
        for token in 0..<vocabulary where mayGenerate(token, .body) && count([token]) > 0 {
            let logProb = model(.body, true, [], token)
            if logProb > -.infinity { scored.append((token, logProb)) }
        }
        scored.sort { ($0.logProb, $1.token) > ($1.logProb, $0.token) }
        var weights: [Int32: Double] = [:]
        for item in scored.prefix(topUnigrams) where !keys.contains(where: { $0.tokens == [item.token] }) {
            let base = base(item.logProb, count([item.token]), 1, cutoff)
            weights[item.token] = raisesUnigrams || !usesCounts ? pow(base, exponent) : base
        }
        return weights
    }
}
