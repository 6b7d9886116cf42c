import Decoding
import TestSupport
import Testing

@Suite struct IntersectionTests {
    private func sequences(_ count: Int, _ vocabulary: Int32, _ random: inout SeededGenerator) -> [[Int32]] {
        (0..<count).map { _ in
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Int32.random(in: 0..<vocabulary, using: &random)
            }
        }
    }

    @Test("Searches beside the set of common prefixes", arguments: [1, 2, 8], [false, true])
    func naive(beams: Int, isSparse: Bool) {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...120, using: &random)
            let one = ListConstraint(sequences(Int.random(in: 0...300, using: &random), vocabulary, &random))
            let two = ListConstraint(sequences(Int.random(in: 0...3000, using: &random), vocabulary, &random))
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: isSparse)
            let expected = NaiveBeamSearch(beams: beams, maximumLength: 5).run(
                vocabulary: vocabulary, logProb: model.logProb,
                isAllowed: { one.prefixes.contains($0) && two.prefixes.contains($0) },
                isComplete: { one.sequences.contains($0) || two.sequences.contains($0) })
            let search = BeamSearch(.init(beams: beams, maximumLength: 5))
            let ab = search.run(model, Intersection(one, two))
            let ba = search.run(model, Intersection(two, one))
            #expect(ab.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected, "seed \(seed)")
            #expect(ba.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected, "seed \(seed)")
            for item in ab {
                #expect(item.state.first == item.tokens && item.state.second == item.tokens)
            }
        }
    }

    @Test("Both wide: exact although the model's best tokens are forbidden") func wide() {
        let vocabulary: Int32 = 2000
        let model = TableModel(vocabulary: vocabulary, seed: 3, isSparse: false)
        let best = (0..<vocabulary).sorted { model.logProb([], $0) > model.logProb([], $1) }
        for forbidden in [0, 5, 100, 1500, 1999, 2000] {
            let never = Set(best.prefix(forbidden))
            let rule = Intersection(
                Unconstrained(vocabularySize: Int(vocabulary)),
                StopSet(vocabularySize: Int(vocabulary), never: never, ends: [7]))
            let expected = NaiveBeamSearch(beams: 4, maximumLength: 3).run(
                vocabulary: vocabulary, logProb: model.logProb,
                isAllowed: { !$0.contains(where: never.contains) && !$0.dropLast().contains(7) },
                isComplete: { $0.last == 7 })
            let found = BeamSearch(.init(beams: 4, maximumLength: 3)).run(model, rule)
            #expect(found.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected)
        }
    }

    @Test func batchedAdvance() {
        let one = TokenTrie([[1, 2], [1, 3], [4]])
        let two = TokenTrie([[1, 3], [1, 5], [4, 4]])
        let both = Intersection(one, two)
        #expect(both.branching(of: both.initialState) == 3)
        let states = both.advance([both.initialState, both.initialState, both.initialState], by: [1, 2, 4])
        #expect(states.map { $0 != nil } == [true, false, true])
        #expect(both.isComplete(states[2]!))
        #expect(!both.isComplete(states[0]!))
        let next = both.advance([states[0]!, states[0]!, states[0]!], by: [2, 3, 5])
        #expect(next.map { $0 != nil } == [false, true, false])
        #expect(both.advance([], by: []).isEmpty)
    }
}
