import Decoding
import FMIndex
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
    private static let startsWord: @Sendable (Int32) -> Bool = { $0 % 3 != 0 }

    /// The model's formula over plain lists of words.
    private struct Formula {
        let naive: NaiveTextIndex
        let words: [[Int32]]
        let tokenCount: Int

        init(naive: NaiveTextIndex, query: [Int32], tokenCount: Int) {
            self.naive = naive
            self.tokenCount = tokenCount
            words = query.reduce(into: []) { words, token in
                let isStart = startsWord(token) || token < RandomCorpus.firstWord || words.isEmpty
                if isStart { words.append([token]) } else { words[words.count - 1].append(token) }
            }
        }

        func rarity(_ word: [Int32]) -> Double {
            let count = naive.count(of: word)
            return count == 0 ? 0 : max(log(Double(tokenCount + 1) / Double(count)), 1e-3)
        }

        /// The query's distinct words that the corpus holds; one with the unknown token is none.
        var copied: Set<[Int32]> {
            Set(
                words.filter {
                    startsWord($0[0]) && !$0.contains(RandomCorpus.unknown) && naive.count(of: $0) > 0
                })
        }

        func share(_ word: [Int32]) -> Double { rarity(word) / copied.reduce(0) { $0 + rarity($1) } }

        /// The shares of the words that begin with a sequence.
        func through(_ prefix: [Int32]) -> Double {
            copied.filter { $0.starts(with: prefix) }.reduce(0) { $0 + share($1) }
        }

        /// The probability of a token, and the last word of the longer prefix with the probability that
        /// it is copied; nil where that word is none of the query's.
        private func step(
            _ prefix: [Int32], _ token: Int32, _ word: [Int32]?, _ isCopied: Double
        ) -> (probability: Double, word: [Int32]?, isCopied: Double) {
            guard !prefix.isEmpty else { return (through([token]), through([token]) > 0 ? [token] : nil, 1) }
            let corpus = Double(naive.count(of: prefix + [token])) / Double(naive.count(of: prefix))
            var goes = 0.0
            var going = 0.0
            var copy = through([token])
            if let word {
                let ends = copied.contains(word) ? share(word) : 0
                let rest = through(word) - ends
                if copied.contains(where: { $0.count > word.count && $0.starts(with: word) }) {
                    goes = isCopied * rest / through(word)
                    going = goes * through(word + [token]) / rest
                }
                if copied.contains(word) {
                    let next = Set(
                        zip(words, words.dropFirst()).filter { $0.0 == word && copied.contains($0.1) }.map(\.1))
                    if !next.isEmpty {
                        let follows = Double(next.count { $0[0] == token }) / Double(next.count)
                        copy = 0.5 * follows + 0.5 * copy
                    }
                }
            }
            let fresh = (1 - goes) * (0.5 * copy + 0.5 * corpus)
            if let word, through(word + [token]) > 0 {
                return (going + fresh, word + [token], going / (going + fresh))
            }
            guard copy > 0, through([token]) > 0 else { return (fresh, nil, 0) }
            return (fresh, [token], 0.5 * copy / (0.5 * copy + 0.5 * corpus))
        }

        func probability(_ token: Int32, after prefix: [Int32]) -> Double {
            var word: [Int32]?
            var isCopied = 0.0
            for end in prefix.indices {
                let step = step(Array(prefix[..<end]), prefix[end], word, isCopied)
                (word, isCopied) = (step.word, step.isCopied)
            }
            return step(prefix, token, word, isCopied).probability
        }
    }

    @Test("Probabilities are the formula's", arguments: 0..<40 as Range<UInt64>) func formula(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(documents: 12, alphabet: 12, longest: 30, seed: seed)
        // Words of one to three tokens, many of which stand in the corpus.
        var query: [Int32] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let body = corpus.documents.randomElement(using: &random) ?? []
            let start = Int.random(in: 0..<body.count, using: &random)
            query += body[start..<min(body.count, start + 3)].filter { $0 >= RandomCorpus.firstWord }
        }
        query += [RandomCorpus.unknown, 500]
        let constraint = NgramConstraint(index: corpus.index, excluded: [RandomCorpus.unknown])
        let model = AnchoredNgramModel(constraint: constraint, query: query, startsWord: Self.startsWord)
        let formula = Formula(
            naive: NaiveTextIndex(documents: corpus.documents, documentEnd: RandomCorpus.documentEnd),
            query: query, tokenCount: corpus.index.tokenCount)

        // The first token: shares of rarity among the query's words.
        let first = model.distribution(after: model.initialState)
        #expect(Set(first.map(\.token)) == Set(formula.copied.map { $0[0] }))
        for item in first {
            #expect(abs(exp(Double(item.logProb)) - formula.through([item.token])) < 1e-5)
        }

        var checked = 0
        for draw in 0..<60 {
            var prefix = corpus.words(Int.random(in: 1...3, using: &random), &random)
            // As search does it: prefixes that begin with the query's words.
            if draw % 2 == 0,
                let word = formula.copied.sorted(by: { $0.lexicographicallyPrecedes($1) }).randomElement(using: &random)
            {
                prefix = Array(word.prefix(Int.random(in: 1...word.count, using: &random))) + prefix.dropFirst(2)
            }
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
            for token in formula.copied.map({ $0[0] })
            where formula.naive.count(of: prefix + [token]) > 0 && formula.probability(token, after: prefix) > 1e-9 {
                #expect(listed.contains(token))
            }
        }
        #expect(checked > 0 || formula.copied.isEmpty)
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
