import Decoding
import TestSupport
import Testing

/// Allows the prefixes of a list of sequences; the whole ones are complete.
private struct ListConstraint: Constraint {
    let sequences: Set<[Int32]>
    let prefixes: Set<[Int32]>

    init(_ sequences: [[Int32]]) {
        self.sequences = Set(sequences)
        prefixes = Set(sequences.flatMap { s in (0...s.count).map { Array(s.prefix($0)) } })
    }

    var initialState: [Int32] { [] }
    func advance(_ state: [Int32], by token: Int32) -> [Int32]? {
        prefixes.contains(state + [token]) ? state + [token] : nil
    }
    func branching(of state: [Int32]) -> Int {
        prefixes.count { $0.count == state.count + 1 && $0.starts(with: state) }
    }
    func forEachAllowed(in state: [Int32], _ body: (Int32, [Int32]) -> Void) {
        for prefix in prefixes.filter({ $0.count == state.count + 1 && $0.starts(with: state) })
            .sorted(by: { $0[state.count] < $1[state.count] }) {
            body(prefix[state.count], prefix)
        }
    }
    func isComplete(_ state: [Int32]) -> Bool { sequences.contains(state) }
}

/// A table of numbers: log-probabilities drawn from a hash of the prefix, with many equal values.
private struct TableModel: StepModel {
    let vocabulary: Int32
    let seed: UInt64
    let isSparse: Bool

    var initialState: [Int32] { [] }

    func logProb(_ prefix: [Int32], _ token: Int32) -> Float {
        var random = SeededGenerator(
            seed: prefix.reduce(seed) { $0 &* 31 &+ UInt64($1) &+ 1 } &* 131 &+ UInt64(token))
        let level = Int.random(in: 0...9, using: &random)
        return level == 9 ? -.infinity : -Float(level) / 4
    }

    func score(_ states: [[Int32]], into scores: inout StepScores) {
        for state in states {
            let row = (0..<vocabulary).map { logProb(state, $0) }
            if isSparse {
                let possible = row.enumerated().filter { $0.element > -.infinity }
                scores.addSparse(possible.map { (token: Int32($0.offset), logProb: $0.element) })
            } else {
                scores.addDense(row)
            }
        }
    }

    func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }
}

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
