import Decoding
import Foundation
import Ranking
import TestSupport
import Testing

extension StepModel {
    /// One state's row of scores as a list.
    func distribution(after state: State) -> [(token: Int32, logProb: Float)] {
        var scores = StepScores()
        score([state], into: &scores)
        var row: [(token: Int32, logProb: Float)] = []
        scores.forEachToken(ofRow: 0) { row.append(($0, $1)) }
        return row
    }
}

@Suite struct AnchoredNgramModelTests {
    /// The model's formula over plain lists.
    private struct Formula {
        let naive: NaiveTextIndex
        let query: [Int32]
        let tokenCount: Int

        func rarity(_ token: Int32) -> Double {
            let count = naive.count(of: [token])
            return count == 0 ? 0 : max(log(Double(tokenCount + 1) / Double(count)), 1e-3)
        }

        /// The query's distinct tokens that the corpus holds; the unknown one is no token.
        var copied: Set<Int32> {
            Set(query.filter { $0 != RandomCorpus.unknown && naive.count(of: [$0]) > 0 })
        }

        func probability(_ token: Int32, after prefix: [Int32]) -> Double {
            let corpus = Double(naive.count(of: prefix + [token])) / Double(naive.count(of: prefix))
            guard copied.contains(token) else { return 0.5 * corpus }
            let share = rarity(token) / copied.reduce(0) { $0 + rarity($1) }
            let next = Set(
                zip(query, query.dropFirst()).filter { $0.0 == prefix.last && copied.contains($0.1) }.map(\.1))
            let follows = next.contains(token) ? 1 / Double(next.count) : 0
            let copy = next.isEmpty ? share : 0.5 * follows + 0.5 * share
            return 0.5 * copy + 0.5 * corpus
        }
    }

    @Test("Probabilities are the formula's", arguments: 0..<25 as Range<UInt64>) func formula(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(documents: 12, alphabet: 12, seed: seed)
        let query = corpus.words(Int.random(in: 1...6, using: &random), &random) + [RandomCorpus.unknown, 500]
        let constraint = NgramConstraint(index: corpus.index, excluded: [RandomCorpus.unknown])
        let model = AnchoredNgramModel(constraint: constraint, query: query) { $0 % 2 == 1 }
        let formula = Formula(
            naive: NaiveTextIndex(documents: corpus.documents, documentEnd: RandomCorpus.documentEnd),
            query: query, tokenCount: corpus.index.tokenCount)

        // The first token: shares of rarity among the query's tokens that start a word.
        let starts = formula.copied.filter { $0 % 2 == 1 }
        let first = model.distribution(after: model.initialState)
        #expect(Set(first.map(\.token)) == starts)
        let total = starts.reduce(0) { $0 + formula.rarity($1) }
        for item in first {
            #expect(abs(exp(Double(item.logProb)) - formula.rarity(item.token) / total) < 1e-5)
        }

        var checked = 0
        for _ in 0..<40 {
            let prefix = corpus.words(Int.random(in: 1...3, using: &random), &random)
            guard corpus.index.count(of: prefix) > 0 else { continue }
            let state = prefix.reduce(model.initialState) { model.advance($0, by: $1) }
            let row = model.distribution(after: state)
            var mass = 0.0
            for item in row {
                checked += 1
                mass += exp(Double(item.logProb))
                #expect(
                    abs(exp(Double(item.logProb)) - formula.probability(item.token, after: prefix)) < 1e-5)
                #expect(item.token != RandomCorpus.unknown && item.token >= RandomCorpus.firstWord)
            }
            #expect(mass <= 1.0001)
            let listed = Set(row.map(\.token))
            #expect(listed.count == row.count)
            // What the query could copy and the corpus allows is never missing.
            for token in formula.copied where formula.naive.count(of: prefix + [token]) > 0 {
                #expect(listed.contains(token))
            }
        }
        #expect(checked > 0)
    }

    @Test("Teacher forcing multiplies the steps") func sequences() throws {
        let corpus = try RandomCorpus(documents: 10, alphabet: 5, seed: 3)
        var random = SeededGenerator(seed: 4)
        let query = corpus.words(5, &random)
        let model = AnchoredNgramModel(
            constraint: NgramConstraint(index: corpus.index, excluded: []), query: query, startsWord: { _ in true })
        var scored = 0
        var sequences: [[Int32]] = []
        var sums: [Float] = []
        for _ in 0..<200 {
            let sequence = corpus.words(Int.random(in: 1...4, using: &random), &random)
            var expected: Float = 0
            for end in sequence.indices {
                guard corpus.index.count(of: sequence[...end]) > 0 else {
                    expected = -.infinity
                    break
                }
                let state = sequence[..<end].reduce(model.initialState) { model.advance($0, by: $1) }
                let step = model.distribution(after: state).first { $0.token == sequence[end] }
                expected += step?.logProb ?? -.infinity
            }
            sequences.append(sequence)
            sums.append(expected)
            if expected > -.infinity { scored += 1 }
        }
        // Together, where prefixes are shared, and one by one.
        #expect(model.logProbs(of: sequences) == sums)
        #expect(sequences.map { model.logProbs(of: [$0])[0] } == sums)
        #expect((20...180).contains(scored))
        #expect(model.logProbs(of: [[], [RandomCorpus.documentEnd]]) == [0, -.infinity])
        #expect(model.logProbs(of: []).isEmpty)
    }
}
