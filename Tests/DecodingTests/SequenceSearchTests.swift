import Decoding
import TestSupport
import Testing

@Suite struct SequenceSearchTests {
    private func options(_ random: inout SeededGenerator, _ vocabulary: Int32) -> SequenceSearch.Options {
        var options = SequenceSearch.Options()
        options.groups = [1, 1, 2, 3].randomElement(using: &random)!
        options.beams = options.groups * Int.random(in: 1...4, using: &random)
        options.maximumLength = Int.random(in: 0...6, using: &random)
        options.minimumLength = Int.random(in: 0...3, using: &random)
        options.lengthPenalty = [0, 1, 0.5, 2, -1].randomElement(using: &random)!
        options.stopping = [.whenFull, .whenWorse, .whenHopeless].randomElement(using: &random)!
        options.ends = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            Int32.random(in: 0..<vocabulary, using: &random)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            options.forcedFirst = Int32.random(in: 0..<vocabulary, using: &random)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            options.forcedLast = Int32.random(in: 0..<vocabulary, using: &random)
        }
        if options.groups > 1 { options.diversityPenalty = [0, 0.25, 5].randomElement(using: &random)! }
        if Bool.random(using: &random) {
            options.repetition.noRepeatNgramSize = Int.random(in: 0...3, using: &random)
            options.repetition.penalty = [1, 2, 0.5].randomElement(using: &random)!
            options.repetition.before = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Int32.random(in: 0..<vocabulary, using: &random)
            }
        }
        return options
    }

    private func rule(_ random: inout SeededGenerator, _ vocabulary: Int32) -> ListConstraint {
        ListConstraint(
            (0..<Int.random(in: 0...300, using: &random)).map { _ in
                (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    Int32.random(in: 0..<vocabulary, using: &random)
                }
            })
    }

    private func check(
        _ found: [SequenceSearch.Result], _ expected: [NaiveSequenceSearch.Sequence], _ what: String
    ) {
        #expect(found.map(\.tokens) == expected.map(\.tokens), "\(what)")
        #expect(found.map(\.score) == expected.map(\.score), "\(what)")
        for (one, two) in zip(found, expected) {
            #expect(one.stepLogProbs.count == one.tokens.count)
            #expect(abs(one.stepLogProbs.reduce(0, +) - two.logProb) < 1e-4)
        }
    }

    @Test("Under a list, every option, beside the literal search", arguments: [false, true])
    func constrained(isSparse: Bool) {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...30, using: &random)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: isSparse)
            let rule = rule(&random, vocabulary)
            let options = options(&random, vocabulary)
            let expected = NaiveSequenceSearch(
                options: options, vocabulary: vocabulary, logProb: model.logProb,
                isAllowed: rule.prefixes.contains, isComplete: rule.sequences.contains)
            check(SequenceSearch(options).run(model, rule), expected.run(), "seed \(seed) \(options)")
        }
    }

    @Test("Free, every option, beside the literal search", arguments: [false, true])
    func free(isSparse: Bool) {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...60, using: &random)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: isSparse)
            let options = options(&random, vocabulary)
            let expected = NaiveSequenceSearch(
                options: options, vocabulary: vocabulary, logProb: model.logProb,
                isAllowed: { _ in true }, isComplete: { _ in false })
            let found = SequenceSearch(options).run(model, Unconstrained(vocabularySize: Int(vocabulary)))
            check(found, expected.run(), "seed \(seed) \(options)")
        }
    }

    @Test("A batch finds what each search finds alone") func batches() {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...30, using: &random)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: seed % 2 == 0)
            let queries = (0..<Int.random(in: 0...5, using: &random)).map { query in
                (start: [Int32(query)], constraint: rule(&random, vocabulary))
            }
            let search = SequenceSearch(options(&random, vocabulary))
            let together = search.run(model, queries)
            #expect(together == queries.map { search.run(model, [$0])[0] })
        }
    }

    @Test func ruleThatDiesFindsNothing() {
        let model = TableModel(vocabulary: 6, seed: 1, isSparse: false)
        #expect(SequenceSearch(.init()).run(model, ListConstraint([])).isEmpty)
        #expect(SequenceSearch(.init(beams: 0)).run(model, ListConstraint([[1]])).isEmpty)
        #expect(SequenceSearch(.init(maximumLength: 0)).run(model, ListConstraint([[1]])).isEmpty)
        // The only path is never whole before it ends.
        var options = SequenceSearch.Options(beams: 3, maximumLength: 9, ends: [5])
        options.minimumLength = 9
        #expect(SequenceSearch(options).run(model, TokenTrie([[1, 5]])).isEmpty)
    }
}
