import Decoding
import FMIndex
import Foundation
import Ranking
import Search
import TestSupport
import Testing

/// A model whose rows come from a hash of the task and the prefix.
private struct HashModel: StepModel {
    struct State {
        var task: UInt64
        var prefix: [Int32]
    }

    let vocabulary: Int
    let seed: UInt64

    var initialState: State { State(task: 0, prefix: []) }

    func advance(_ state: State, by token: Int32) -> State {
        State(task: state.task, prefix: state.prefix + [token])
    }

    func row(_ state: State) -> [Float] {
        var random = SeededGenerator(
            seed: state.prefix.reduce(seed &+ 7919 &* state.task) { $0 &* 31 &+ UInt64($1) &+ 1 })
        let weights = (0..<vocabulary).map { _ in Float.random(in: 0.01...1, using: &random) }
        let sum = weights.reduce(0, +)
        return weights.map { log($0 / sum) }
    }

    func score(_ states: [State], into scores: inout StepScores) {
        for state in states { scores.addDense(row(state)) }
    }

    func logProb(_ tokens: [Int32], task: UInt64) -> Float {
        tokens.indices.reduce(0) {
            $0 + row(State(task: task, prefix: Array(tokens[..<$1])))[Int(tokens[$1])]
        }
    }
}

@Suite struct TrainedNgramGeneratorTests {
    private static let startsWord: @Sendable (Int32) -> Bool = { $0 % 3 != 0 }

    private func generator(
        _ model: HashModel, _ corpus: RandomCorpus, titles: Bool = true
    ) -> TrainedNgramGenerator<HashModel> {
        TrainedNgramGenerator(
            model, body: .init(task: 0, prefix: []),
            others: titles ? [.title: .init(task: 1, prefix: [])] : [:],
            mayStart: (0..<Int32(model.vocabulary)).map(Self.startsWord), end: RandomCorpus.documentEnd,
            titleEnd: RandomCorpus.titleEnd)
    }

    @Test(
        "Keys start words, titles end as the index ends them, scores are the model's",
        arguments: 0..<12 as Range<UInt64>)
    func keys(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(
            documents: Int.random(in: 2...40, using: &random), alphabet: Int32.random(in: 4...20, using: &random),
            seed: seed &+ 5)
        let model = HashModel(vocabulary: Int(RandomCorpus.firstWord + corpus.alphabet) + 2, seed: seed)
        let retriever = NgramIndex([
            NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        ])
        let query = NgramQuery(words: [[4], [5, 3], [7]])
        var options = NgramOptions()
        options.weighting.usesCounts = seed % 2 == 0
        options.renormalizes = false
        let result = retriever.search(query, generator: generator(model, corpus), k: 10, options: options)
        #expect(result.invalidKeys == 0)
        let whole = Set(corpus.titles.filter { !$0.isEmpty && !$0.contains(RandomCorpus.unknown) })
        var titles = 0
        for key in result.evidence.keys {
            switch key.kind {
            case .body:
                #expect(Self.startsWord(key.tokens[0]))
                #expect(abs(key.logProb - model.logProb(key.tokens, task: 0)) < 1e-3)
            case .title:
                titles += 1
                #expect(key.tokens.first == RandomCorpus.documentEnd && key.tokens.last == RandomCorpus.titleEnd)
                let title = Array(key.tokens.dropFirst().dropLast())
                #expect(whole.contains(title))
                #expect(abs(key.logProb - model.logProb(title + [RandomCorpus.documentEnd], task: 1)) < 1e-3)
            case .unigram: #expect(Self.startsWord(key.tokens[0]))
            case .query, .inflection, .pseudoQuery, .terms: break
            }
        }
        // Against the counts of a small corpus few keys weigh anything.
        #expect(titles > 0 || whole.isEmpty || options.weighting.usesCounts)
        let without = retriever.search(
            query, generator: generator(model, corpus, titles: false), k: 10, options: options)
        #expect(!without.evidence.keys.contains { $0.kind == .title })
    }

    @Test("Dropping what weighs nothing changes no key that weighs", arguments: 0..<12 as Range<UInt64>)
    func weightless(seed: UInt64) throws {
        let corpus = try RandomCorpus(documents: 30, alphabet: 12, seed: seed)
        let model = HashModel(vocabulary: 17, seed: seed)
        let retriever = NgramIndex([
            NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        ])
        func keys(_ drops: Bool) -> (weights: [[Int32]: Float], count: Int) {
            var options = NgramOptions()
            options.dropsWeightless = drops
            options.addsBestUnigrams = false
            let result = retriever.search(
                .init(words: [[4], [5, 3]]), generator: generator(model, corpus), k: 10, options: options)
            return (
                Dictionary(uniqueKeysWithValues: result.evidence.keys.map { ($0.tokens, $0.weight) }), result.keyCount
            )
        }
        let (all, dropped) = (keys(false), keys(true))
        #expect(all.weights == dropped.weights)
        #expect(dropped.count < all.count)
    }

    @Test("A form that occurs is a key, as likely as its word or more", arguments: 0..<12 as Range<UInt64>)
    func forms(seed: UInt64) throws {
        let corpus = try RandomCorpus(documents: 30, alphabet: 12, seed: seed)
        let model = HashModel(vocabulary: 17, seed: seed)
        let retriever = NgramIndex([
            NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        ])
        // The corpus lacks the last word, and one of its forms.
        let query = NgramQuery(
            words: [[4], [5, 3], [16, 16]], forms: [[[6], [4]], [[5], [7, 8]], [[10], [16]]])
        var options = NgramOptions()
        options.addsBestUnigrams = false
        options.dropsWeightless = false
        options.weighting.usesCounts = false
        options.weighting.inflectionFactor = 0.5
        let result = retriever.search(query, generator: generator(model, corpus), k: 10, options: options)
        let keys = result.evidence.keys.filter { $0.kind == .inflection }
        let words: [[Int32]: [Int32]] = [[6]: [4], [5]: [5, 3], [7, 8]: [5, 3], [10]: [16, 16]]
        let continues = (0..<20 as Range<Int32>).map { $0 >= RandomCorpus.firstWord && !Self.startsWord($0) }
        for (form, word) in words {
            let rows = corpus.index.rows(of: form)
            guard rows.count > corpus.index.count(of: rows, followedBy: continues) else { continue }
            // A sequence that starts inside a word has no probability of its own, and a word that has been
            // begun is finished.
            func logProb(_ tokens: [Int32]) -> Float {
                guard Self.startsWord(tokens[0]) else { return -.infinity }
                return tokens.indices.filter { Self.startsWord(tokens[$0]) }.reduce(0) {
                    $0 + model.logProb(Array(tokens[...$1]), task: 0) - model.logProb(Array(tokens[..<$1]), task: 0)
                }
            }
            let expected = max(logProb(form), logProb(word))
            let key = keys.first { $0.tokens == form }
            #expect(abs((key?.logProb ?? 0) - expected) < 1e-3)
        }
        #expect(keys.allSatisfy { words[$0.tokens] != nil })
        #expect(!result.evidence.keys.contains { $0.kind == .body && words[$0.tokens] != nil })
        options.weighting.inflectionFactor = 0
        let without = retriever.search(query, generator: generator(model, corpus), k: 10, options: options)
        #expect(!without.evidence.keys.contains { $0.kind == .inflection })
    }

    @Test("Renormalised steps ask for the same tokens", arguments: 0..<4 as Range<UInt64>)
    func renormalised(seed: UInt64) throws {
        let corpus = try RandomCorpus(documents: 20, alphabet: 9, seed: seed)
        let model = HashModel(vocabulary: 14, seed: seed)
        let retriever = NgramIndex([
            NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        ])
        var options = NgramOptions()
        options.renormalizes = true
        options.addsQueryKeys = false
        let result = retriever.search(
            .init(words: [[4]]), generator: generator(model, corpus), k: 10, options: options)
        #expect(result.invalidKeys == 0)
        #expect(result.evidence.keys.contains { $0.kind == .title })
    }

    @Test("Several segments give the keys of one", arguments: 0..<10 as Range<UInt64>)
    func segments(seed: UInt64) throws {
        let whole = try RandomCorpus(documents: 30, alphabet: 9, seed: seed)
        let model = HashModel(vocabulary: 14, seed: seed)
        func segment(_ documents: ArraySlice<Int>) throws -> NgramSegment {
            var builder = FMIndexBuilder(
                documentEnd: RandomCorpus.documentEnd, titleEnd: RandomCorpus.titleEnd)
            for document in documents {
                let title = whole.titles[document]
                let body = whole.documents[document].dropFirst(title.isEmpty ? 0 : title.count + 1).dropLast()
                builder.add(title: title, body: Array(body))
            }
            return NgramSegment(
                index: try builder.build(), excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        }
        let all = Array(0..<30)
        let one = NgramIndex([try segment(all[...])])
        let many = NgramIndex([try segment(all[..<11]), try segment(all[11...])])
        let query = NgramQuery(words: [[4], [5, 3], [7]], forms: [[[6]], [[8], [5]], []])
        let generator = generator(model, whole)
        var options = NgramOptions()
        options.weighting.inflectionFactor = seed % 3 == 0 ? 0 : 0.7
        options.stopAtCount = Int(seed % 3)
        options.dropsWeightless = seed % 2 == 0
        options.renormalizes = seed % 5 == 4
        options.deviations = seed == 7 ? .freeFirstTitleToken : []
        let a = one.search(query, generator: generator, k: 30, options: options)
        let b = many.search(query, generator: generator, k: 30, options: options)
        #expect(b.invalidKeys == 0)
        #expect(a.evidence.keys.map(\.tokens) == b.evidence.keys.map(\.tokens))
        #expect(a.evidence.keys.map(\.kind) == b.evidence.keys.map(\.kind))
        #expect(a.evidence.keys.map(\.count) == b.evidence.keys.map(\.count))
        #expect(a.evidence.keys.map(\.weight) == b.evidence.keys.map(\.weight))
        #expect(a.keyCount == b.keyCount)
        #expect(a.passages.map(\.passage) == b.passages.map(\.passage))
    }

    @Test("Factors of the weights, and kinds of keys left out") func factors() throws {
        let corpus = try RandomCorpus(documents: 40, alphabet: 20, seed: 3)
        let model = HashModel(vocabulary: 25, seed: 3)
        let retriever = NgramIndex([
            NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)
        ])
        let query = NgramQuery(words: [[4], [5, 3], [7]])
        func keys(_ edit: (inout NgramOptions) -> Void) -> [[Int32]: Key] {
            var options = NgramOptions()
            edit(&options)
            let result = retriever.search(query, generator: generator(model, corpus), k: 10, options: options)
            return Dictionary(uniqueKeysWithValues: result.evidence.keys.map { ($0.tokens, $0) })
        }
        let plain = keys { _ in }
        let scaled = keys { $0.weighting.generatedFactor = 3 }
        for (tokens, key) in plain where key.kind != .unigram {
            let factor: Float = key.kind == .query ? 1 : 3
            #expect(abs((scaled[tokens]?.weight ?? 0) - factor * key.weight) < 1e-3 * key.weight)
        }
        let singles = keys { $0.weighting.unigramFactor = 0.5 }
        for (tokens, key) in plain where key.kind == .unigram {
            #expect(abs((singles[tokens]?.weight ?? 0) - 0.5 * key.weight) < 1e-5)
        }
        #expect(!keys { $0.decodesBodies = false }.values.contains { $0.kind == .body })
    }
}
