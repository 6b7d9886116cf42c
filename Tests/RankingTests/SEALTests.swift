import Decoding
import FMIndex
import Ranking
import Search
import TestSupport
import Testing

/// A model of numbers: log-probabilities drawn from a hash of prompt and prefix, with many equal ones.
private struct TableGenerator: NgramGenerator {
    let vocabulary: Int32
    let seed: UInt64
    let isSparse: Bool
    var readsMarks: Bool { true }

    func logProb(_ view: Int, _ isMarked: Bool, _ prefix: [Int32], _ token: Int32) -> Float {
        let start = seed &* 8 &+ UInt64(view) &* 2 &+ (isMarked ? 1 : 0)
        var random = SeededGenerator(
            seed: prefix.reduce(start) { $0 &* 31 &+ UInt64($1) &+ 1 } &* 131 &+ UInt64(token))
        let level = Int.random(in: 0...12, using: &random)
        return level == 12 ? -.infinity : -0.25 - Float(level) / 4
    }

    func model(_ prompt: NgramPrompt) -> Model {
        let view = NgramView.allCases.firstIndex(of: prompt.view) ?? 0
        return Model(generator: self, view: view, isMarked: prompt.isMarked)
    }

    struct Model: StepModel {
        let generator: TableGenerator
        let view: Int
        let isMarked: Bool

        var initialState: [Int32] { [] }
        func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }

        func score(_ states: [[Int32]], into scores: inout StepScores) {
            for state in states {
                let row = (0..<generator.vocabulary).map { generator.logProb(view, isMarked, state, $0) }
                if generator.isSparse {
                    scores.addSparse(
                        row.enumerated().filter { $0.element > -.infinity }
                            .map { (token: Int32($0.offset), logProb: $0.element) })
                } else {
                    scores.addDense(row)
                }
            }
        }
    }
}

/// SEAL from end to end against its literal model, thousands of seeded cases with all options and
/// deviations drawn at random.
@Suite struct SEALTests {
    private static let unknown: Int32 = 0, documentEnd: Int32 = 1, titleEnd: Int32 = 2, queryStart: Int32 = 3
    private static let firstWord: Int32 = 4

    private struct Case {
        var retriever: NgramIndex
        var generator: TableGenerator
        var query: NgramQuery
        var options = NgramOptions()
        var naive: NaiveSEAL
        var documents: [[Int32]] = []

        init(seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            let alphabet = Int32.random(in: 2...9, using: &random)
            let carriesQueries = Bool.random(using: &random)
            var builder = FMIndexBuilder(
                documentEnd: documentEnd, titleEnd: titleEnd, queryStart: carriesQueries ? queryStart : nil)
            func words(_ count: ClosedRange<Int>) -> [Int32] {
                (0..<Int.random(in: count, using: &random)).map { _ in
                    Int.random(in: 0..<25, using: &random) == 0
                        ? unknown : firstWord + Int32.random(in: 0..<alphabet, using: &random)
                }
            }
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let title = words(0...2)
                let body = words(0...9)
                let queries =
                    carriesQueries ? (0..<Int.random(in: 0...2, using: &random)).map { _ in words(1...3) } : []
                builder.add(title: title, body: body, queries: queries)
                documents.append(
                    (title.isEmpty ? [] : title + [titleEnd]) + body
                        + queries.flatMap { [queryStart] + $0 + [titleEnd] } + [documentEnd])
            }
            let index = try builder.build(.init(profile: Bool.random(using: &random) ? .fast : .compact))
            retriever = NgramIndex([NgramSegment(index: index, excluded: [unknown]) { _ in true }])
            generator = TableGenerator(
                vocabulary: firstWord + alphabet, seed: seed, isSparse: Bool.random(using: &random))
            query = .init(words: (0..<Int.random(in: 0...4, using: &random)).map { _ in words(1...2) })
            naive = NaiveSEAL(
                documents: documents, documentEnd: documentEnd, titleEnd: titleEnd,
                queryStart: carriesQueries ? queryStart : nil, vocabulary: firstWord + alphabet)
            naive.excluded = [unknown]

            options.beams = Int.random(in: 1...4, using: &random)
            options.keyLength = Int.random(in: 1...4, using: &random)
            options.titleLength = Int.random(in: 1...4, using: &random)
            options.keepsPartialTitles = Int.random(in: 0..<4, using: &random) == 0
            options.stopAtCount = [0, 0, 1, 2].randomElement(using: &random) ?? 0
            options.topUnigrams = [0, 3, 5000].randomElement(using: &random) ?? 0
            options.addsBestUnigrams = Bool.random(using: &random)
            options.maximumCount = [nil, nil, 3].randomElement(using: &random) ?? nil
            options.lengthPenalty = [0, 0, 0.5].randomElement(using: &random) ?? 0
            options.weighting.lengthDiscount = [0, 0, 0.25].randomElement(using: &random) ?? 0
            options.weighting.exponent = [2, 1].randomElement(using: &random) ?? 2
            options.weighting.usesCounts = Int.random(in: 0..<4, using: &random) > 0
            options.weighting.raisesUnigrams = Bool.random(using: &random)
            options.evidence.beta = [0, 0.8, 1].randomElement(using: &random) ?? 0
            options.evidence.singleKey = [0, 0, 0.4].randomElement(using: &random) ?? 0
            options.evidence.allowsOverlaps = Int.random(in: 0..<4, using: &random) == 0
            options.evidence.maxHits = [2, 1500].randomElement(using: &random) ?? 0
            options.evidence.fullScore = [0, 1500].randomElement(using: &random) ?? 0
            for (name, deviation) in SEALDeviations.names
            where name != "all" && Int.random(in: 0..<4, using: &random) == 0 {
                options.deviations.insert(deviation)
            }
            naive.beams = options.beams
            naive.keyLength = options.keyLength
            naive.titleLength = options.titleLength
            naive.keepsPartialTitles = options.keepsPartialTitles
            naive.stopAtCount = options.stopAtCount
            naive.topUnigrams = options.topUnigrams
            naive.addsBestUnigrams = options.addsBestUnigrams
            naive.maximumCount = options.maximumCount ?? .max
            naive.lengthPenalty = options.lengthPenalty
            naive.lengthDiscount = Double(options.weighting.lengthDiscount)
            naive.exponent = Double(options.weighting.exponent)
            naive.usesCounts = options.weighting.usesCounts
            naive.raisesUnigrams = options.weighting.raisesUnigrams
            naive.deviations.freeFirstTitleToken = options.deviations.contains(.freeFirstTitleToken)
            naive.deviations.passedDocumentEnds = options.deviations.contains(.passedDocumentEnds)
            naive.deviations.bareRescoring = options.deviations.contains(.bareRescoring)
            naive.deviations.unreachableLastTitle = options.deviations.contains(.unreachableLastTitle)
        }
    }

    private func isClose(_ a: Float, _ b: Double) -> Bool { abs(Double(a) - b) < 2e-4 * max(1, abs(b)) }

    @Test("Keys, weights and scores are the literal model's", arguments: 0..<40 as Range<UInt64>)
    func matchesNaive(block: UInt64) throws {
        for seed in block * 60..<(block + 1) * 60 {
            let one = try Case(seed: seed)
            let comment = Comment(rawValue: "seed \(seed)")
            let found = one.retriever.search(
                one.query, generator: one.generator, k: 1000, options: one.options)
            var phrases: [[Int32]] = []
            for start in one.query.words.indices {
                for count in 1...3 where start + count <= one.query.words.count {
                    let phrase = one.query.words[start..<start + count].flatMap { $0 }
                    if !phrases.contains(phrase) { phrases.append(phrase) }
                }
            }
            let (keys, unigrams) = one.naive.keys(phrases: phrases) { view, isMarked, prefix, token in
                one.generator.logProb(view.rawValue, isMarked, prefix, token)
            }
            #expect(found.invalidKeys == 0, comment)
            #expect(found.keyCount == keys.count, comment)

            // The scorer keeps the keys that weigh something.
            let expected = Dictionary(
                keys.filter { $0.weight > 0 }.map { ($0.tokens, $0) }, uniquingKeysWith: { a, _ in a })
            #expect(Set(found.evidence.keys.map(\.tokens)) == Set(expected.keys), comment)
            for key in found.evidence.keys {
                guard let same = expected[key.tokens] else { continue }
                #expect(key.count == same.count && key.logProb == same.logProb, comment)
                #expect(isClose(key.weight, same.weight), comment)
            }

            var evidence = NaiveEvidenceScorer(
                documents: one.documents, documentEnd: Self.documentEnd,
                // The scorer's own weights: rounding must not change the order of near equals.
                keys: found.evidence.keys.map { .init(tokens: $0.tokens, weight: Double($0.weight)) },
                unigrams: unigrams)
            evidence.beta = Double(one.options.evidence.beta)
            evidence.singleKey = Double(one.options.evidence.singleKey)
            evidence.allowsOverlaps = one.options.evidence.allowsOverlaps
            evidence.maxHits = one.options.evidence.maxHits
            evidence.mirrorsSpans = one.options.deviations.contains(.mirroredSpans)
            evidence.inSuffixOrder = !one.options.deviations.isDisjoint(
                with: [.mirroredSpans, .passedDocumentEnds])
            let nominated = evidence.firstStage()
            #expect(Set(found.passages.map { $0.passage.place }) == Set(nominated.keys), comment)
            for item in found.passages {
                let score =
                    one.options.evidence.fullScore == 0
                    ? nominated[item.passage.place] ?? -1 : evidence.score(item.passage.place).score
                #expect(isClose(item.score, score), comment)
            }
            for (one, two) in zip(found.passages, found.passages.dropFirst()) {
                #expect(one.score > two.score || (one.score == two.score && one.passage < two.passage), comment)
            }
        }
    }
}
