import Decoding
import TestSupport
import Testing

/// Gives every token the same score after every prefix.
private struct FlatModel: StepModel {
    var logProbs: [Float]
    var initialState: [Int32] { [] }
    func score(_ states: [[Int32]], into scores: inout StepScores) {
        for _ in states { scores.addDense(logProbs) }
    }
    func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }
}

@Suite struct RepetitionTests {
    private let model = FlatModel(logProbs: [-1, -2, -3])

    private func greedy(_ repetition: Repetition, length: Int) -> [Int32] {
        var options = SequenceSearch.Options(beams: 1, maximumLength: length)
        options.repetition = repetition
        return SequenceSearch(options).run(model, Unconstrained(vocabularySize: 3))[0].tokens
    }

    @Test func none() { #expect(greedy(.init(), length: 5) == [0, 0, 0, 0, 0]) }

    @Test func unigrams() {
        #expect(greedy(.init(noRepeatNgramSize: 1), length: 3) == [0, 1, 2])
        #expect(greedy(.init(noRepeatNgramSize: 1, before: [0]), length: 2) == [1, 2])
    }

    @Test func bigrams() {
        // 00, then 01 since 00 was there, then 10, 02 ...
        #expect(greedy(.init(noRepeatNgramSize: 2), length: 6) == [0, 0, 1, 0, 2, 0])
        #expect(greedy(.init(noRepeatNgramSize: 2, before: [0, 0]), length: 2) == [1, 0])
    }

    @Test func penalty() {
        // A token that was said has 2.5 times its log-probability: 0 then falls to -2.5, below 1.
        #expect(greedy(.init(penalty: 2.5), length: 4) == [0, 1, 0, 0])
        #expect(greedy(.init(penalty: 4), length: 4) == [0, 1, 2, 0])
        #expect(greedy(.init(penalty: 4, before: [0]), length: 3) == [1, 2, 0])
    }

    @Test func forcedTokensAreUntouched() {
        var options = SequenceSearch.Options(beams: 1, maximumLength: 3)
        options.repetition = .init(noRepeatNgramSize: 1, penalty: 3, before: [2])
        options.forcedFirst = 2
        options.forcedLast = 2
        let found = SequenceSearch(options).run(model, Unconstrained(vocabularySize: 3))
        #expect(found.map(\.tokens) == [[2, 0, 2]])
        #expect(found[0].stepLogProbs == [0, -1, 0])
    }
}
