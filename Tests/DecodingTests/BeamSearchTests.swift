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

    /// After a first token of -10,000,000, scores that differ have equal sums: a later token has the
    /// higher score.
    private struct RoundingModel: StepModel {
        var initialState: Int { 0 }
        func logProb(_ length: Int, _ token: Int32) -> Float { length == 0 ? -1e7 : Float(token) / 1000 - 1 }
        func score(_ states: [Int], into scores: inout StepScores) {
            for state in states { scores.addDense((0..<Int32(300)).map { logProb(state, $0) }) }
        }
        func advance(_ state: Int, by token: Int32) -> Int { state + 1 }
    }

    @Test("Equal sums of unequal scores: the smaller token first", arguments: [1, 3, 80])
    func roundedTies(beams: Int) {
        let model = RoundingModel()
        let search = BeamSearch(.init(beams: beams, maximumLength: 2))
        let expected = NaiveBeamSearch(beams: beams, maximumLength: 2).run(
            vocabulary: 300, logProb: { model.logProb($0.count, $1) }, isAllowed: { _ in true },
            isComplete: { _ in false })
        let free = search.run(model, Unconstrained(vocabularySize: 300))
        let tested = search.run(model, StopSet(vocabularySize: 300))
        #expect(free.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected)
        #expect(tested.map { .init(tokens: $0.tokens, logProb: $0.logProb) } == expected)
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
