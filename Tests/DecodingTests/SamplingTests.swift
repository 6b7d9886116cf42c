import Decoding
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct SamplingTests {
    /// The probabilities of the tokens after a prefix, from the definition.
    private func shares(
        _ model: TableModel, _ prefix: [Int32], _ options: Sampling.Options, _ isAllowed: ([Int32]) -> Bool
    ) -> [Int32: Double] {
        var items: [(token: Int32, weight: Double)] = []
        for token in 0..<model.vocabulary where isAllowed(prefix + [token]) {
            if prefix.count < options.minimumLength, options.ends.contains(token) { continue }
            let score = NaiveSequenceSearch.repetition(
                options.repetition, model.logProb(prefix, token), prefix, token)
            if score > -.infinity { items.append((token, exp(Double(score) / Double(options.temperature)))) }
        }
        items.sort { $0.weight == $1.weight ? $0.token < $1.token : $0.weight > $1.weight }
        if options.topK > 0 { items = Array(items.prefix(options.topK)) }
        let total = items.reduce(0) { $0 + $1.weight }
        var kept: [(token: Int32, weight: Double)] = []
        for item in items {
            let before = kept.reduce(0) { $0 + $1.weight }
            if !kept.isEmpty, options.topP < 1, before >= Double(options.topP) * total { break }
            kept.append(item)
        }
        let sum = kept.reduce(0) { $0 + $1.weight }
        return .init(uniqueKeysWithValues: kept.map { ($0.token, $0.weight / sum) })
    }

    /// Every sequence that can be drawn with its probability.
    private func expected(
        _ model: TableModel, _ options: Sampling.Options, _ rule: ListConstraint?
    ) -> [[Int32]: Double] {
        var whole: [[Int32]: Double] = [:]
        var open: [[Int32]: Double] = [[]: 1]
        while !open.isEmpty {
            var next: [[Int32]: Double] = [:]
            for (prefix, probability) in open {
                let shares = shares(model, prefix, options) { rule?.prefixes.contains($0) ?? true }
                if shares.isEmpty { whole[prefix, default: 0] += probability }
                for (token, share) in shares {
                    let path = prefix + [token]
                    let isWhole =
                        options.ends.contains(token) || rule?.sequences.contains(path) == true
                        || path.count == options.maximumLength
                    if isWhole { whole[path] = probability * share } else { next[path] = probability * share }
                }
            }
            open = next
        }
        return whole
    }

    /// Chi-square over the sequences expected at least five times, the others together.
    private func check(_ found: [[Int32]], _ expected: [[Int32]: Double], _ what: String) {
        let counts = found.reduce(into: [:]) { $0[$1, default: 0] += 1 } as [[Int32]: Int]
        #expect(counts.keys.allSatisfy { expected[$0] != nil }, "\(what)")
        #expect(abs(expected.values.reduce(0, +) - 1) < 1e-9)
        var (statistic, cells, rest, restFound) = (0.0, 0, 0.0, 0)
        for (sequence, probability) in expected {
            let wanted = probability * Double(found.count)
            if wanted < 5 {
                rest += wanted
                restFound += counts[sequence] ?? 0
                continue
            }
            let difference = Double(counts[sequence] ?? 0) - wanted
            statistic += difference * difference / wanted
            cells += 1
        }
        if rest >= 5 {
            statistic += (Double(restFound) - rest) * (Double(restFound) - rest) / rest
            cells += 1
        }
        let freedom = Double(max(cells - 1, 1))
        #expect(statistic < freedom + 4 * (2 * freedom).squareRoot() + 4, "\(what)")
    }

    @Test("Many samples beside exact probabilities", arguments: 0..<24) func distribution(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let vocabulary = Int32.random(in: 2...8, using: &random)
        let model = TableModel(vocabulary: vocabulary, seed: UInt64(seed), isSparse: seed % 2 == 0)
        var options = Sampling.Options(samples: 4000, maximumLength: 3, ends: seed % 3 == 0 ? [0] : [], seed: 7)
        options.temperature = [1, 0.5, 2][seed % 3]
        options.topK = [0, 0, 3, 100][seed % 4]
        options.topP = [1, 0.7, 0.999, 0.3, 1][seed % 5]
        options.minimumLength = seed % 2
        if seed % 6 == 1 { options.repetition = .init(noRepeatNgramSize: 2, penalty: 1.5, before: [1, 0]) }
        var rule: ListConstraint?
        if seed % 2 == 1 {
            rule = ListConstraint(
                (0..<30).map { _ in
                    (0..<Int.random(in: 1...4, using: &random)).map { _ in
                        Int32.random(in: 0..<vocabulary, using: &random)
                    }
                })
        }
        let found =
            rule.map { Sampling(options).run(model, $0) }
            ?? Sampling(options).run(model, Unconstrained(vocabularySize: Int(vocabulary)))
        check(found.map(\.tokens), expected(model, options, rule), "\(options)")
        for sample in found.prefix(200) {
            for (place, logProb) in sample.stepLogProbs.enumerated() {
                #expect(logProb == model.logProb(Array(sample.tokens[..<place]), sample.tokens[place]))
            }
        }
    }

    @Test("Without temperature, with one choice, with no share: the greedy search", arguments: 0..<40)
    func greedy(seed: Int) {
        let model = TableModel(vocabulary: 30, seed: UInt64(seed), isSparse: seed % 2 == 0)
        let rule = StopSet(vocabularySize: 30, never: [3, 4], ends: [1], patterns: [[5, 5], [0, 2]])
        let best = SequenceSearch(.init(beams: 1, maximumLength: 8)).run(model, rule)[0]
        var cold = Sampling.Options(samples: 3, maximumLength: 8, seed: UInt64(seed))
        cold.temperature = 0
        var single = cold
        (single.temperature, single.topK) = (1, 1)
        var narrow = cold
        (narrow.temperature, narrow.topP) = (1, 0)
        var cool = cold
        cool.temperature = 1e-4
        cool.topK = 1
        for options in [cold, single, narrow, cool] {
            for sample in Sampling(options).run(model, rule) {
                #expect(sample.tokens == best.tokens)
                #expect(sample.stepLogProbs == best.stepLogProbs)
            }
        }
    }

    @Test("A sample is the same whatever is drawn beside it") func batches() {
        let model = TableModel(vocabulary: 40, seed: 4, isSparse: false)
        var queries: [(start: [Int32], constraint: TokenTrie)] = []
        for query in 0..<5 {
            var list: [[Int32]] = []
            for item in 0..<Int32(50 * query) { list.append([item % 40, item * 7 % 40, item * 3 % 40]) }
            queries.append((start: [Int32(query)], constraint: TokenTrie(list)))
        }
        var options = Sampling.Options(samples: 9, maximumLength: 4, seed: 11)
        options.topP = 0.95
        let together = Sampling(options).run(model, queries)
        for (number, query) in queries.enumerated() {
            #expect(Sampling(options).run(model, [query], numberedFrom: number)[0] == together[number])
        }
        options.samples = 3
        #expect(Sampling(options).run(model, queries) == together.map { Array($0.prefix(3)) })
        options.seed = 12
        #expect(Sampling(options).run(model, queries) != together.map { Array($0.prefix(3)) })
    }

    @Test func endings() {
        let model = TableModel(vocabulary: 10, seed: 2, isSparse: false)
        let possible = (0..<Int32(10)).filter { model.logProb([], $0) > -.infinity }
        var options = Sampling.Options(samples: 50, maximumLength: 3, ends: [possible[0]], seed: 1)
        let free = Sampling(options).run(model, Unconstrained(vocabularySize: 10))
        for sample in free {
            #expect(sample.ending == (sample.tokens.last == possible[0] ? .whole : .length))
            #expect(sample.ending == .whole || sample.tokens.count == 3)
        }
        // Nothing is allowed: empty, no padding.
        let none = Sampling(options).run(model, TokenTrie([]))
        #expect(none.count == 50 && none.allSatisfy { $0.tokens.isEmpty && $0.ending == .nothingAllowed })
        // Nothing is allowed after one token, which is not whole.
        options.minimumLength = 9
        let stuck = Sampling(options).run(model, TokenTrie([[possible[1], possible[0]]]))
        #expect(stuck.allSatisfy { $0.tokens == [possible[1]] && $0.ending == .nothingAllowed })
        options.maximumLength = 0
        #expect(Sampling(options).run(model, TokenTrie([]))[0].ending == .length)
        options.samples = 0
        #expect(Sampling(options).run(model, TokenTrie([])).isEmpty)
        #expect(Sampling(options).run(model, [] as [(start: [Int32], constraint: TokenTrie)]).isEmpty)
    }
}
