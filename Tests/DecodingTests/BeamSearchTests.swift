import Decoding
import TestSupport
import Testing

@Suite struct BeamSearchTests {
    @Test(arguments: [1, 2, 5, 15], [false, true])
    func matchesNaive(beams: Int, isSparse: Bool) {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            // Few and many allowed tokens: both ways of finding candidates are used.
            let vocabulary = Int32.random(in: 1...300, using: &random)
            let sequences = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    Int32.random(in: 0..<vocabulary, using: &random)
                }
            }
            let constraint = ListConstraint(sequences)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: isSparse)
            let length = Int.random(in: 1...5, using: &random)
            let found = BeamSearch(.init(beams: beams, maximumLength: length)).run(model, constraint)
            let expected = NaiveBeamSearch(beams: beams, maximumLength: length).run(
                vocabulary: vocabulary, logProb: model.logProb,
                isAllowed: { constraint.prefixes.contains($0) },
                isComplete: { constraint.sequences.contains($0) })
            #expect(found.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected, "seed \(seed)")
            for hypothesis in found {
                #expect(hypothesis.state == hypothesis.tokens)
                #expect(hypothesis.isComplete == constraint.sequences.contains(hypothesis.tokens))
                #expect(hypothesis.stepLogProbs.count == hypothesis.tokens.count)
                #expect(abs(hypothesis.stepLogProbs.reduce(0, +) - hypothesis.logProb) < 1e-4)
            }
        }
    }

    @Test func unconstrainedFollowsTheModel() {
        let model = TableModel(vocabulary: 40, seed: 1, isSparse: false)
        let found = BeamSearch(.init(beams: 3, maximumLength: 4)).run(model, Unconstrained(vocabularySize: 40))
        let expected = NaiveBeamSearch(beams: 3, maximumLength: 4).run(
            vocabulary: 40, logProb: model.logProb, isAllowed: { _ in true }, isComplete: { _ in false })
        #expect(found.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected)
    }

    @Test func fewerIdentifiersThanBeamsEmitNothingElse() {
        let constraint = ListConstraint([[3, 1], [4]])
        let model = TableModel(vocabulary: 6, seed: 12, isSparse: false)
        let found = BeamSearch(.init(beams: 15, maximumLength: 10)).run(model, constraint)
        #expect(found.allSatisfy { constraint.prefixes.contains($0.tokens) })
        #expect(found.count <= 3)
    }

    @Test func emptyOptionsFindNothing() {
        let model = TableModel(vocabulary: 6, seed: 12, isSparse: true)
        #expect(BeamSearch(.init(beams: 0)).run(model, ListConstraint([[1]])).isEmpty)
        #expect(BeamSearch(.init(maximumLength: 0)).run(model, ListConstraint([[1]])).isEmpty)
    }
}
