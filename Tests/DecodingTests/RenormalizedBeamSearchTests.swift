import Decoding
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Gives the tokens that are asked for scores of their own scale, in another order.
private struct PartialModel: StepModel {
    var table: TableModel
    var initialState: [Int32] { [] }
    func score(_ states: [[Int32]], into scores: inout StepScores) { table.score(states, into: &scores) }
    func score(_ states: [[Int32]], only tokens: [[Int32]], into scores: inout StepScores) {
        for (state, tokens) in zip(states, tokens) {
            scores.addSparse(
                tokens.reversed()
                    .map { (token: $0, logProb: table.logProb(state, $0) + Float(state.count * 4)) }
                    .filter { $0.logProb > -.infinity })
        }
    }
    func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }
}

@Suite struct RenormalizedBeamSearchTests {
    private func rule(_ random: inout SeededGenerator, _ vocabulary: Int32) -> ListConstraint {
        ListConstraint(
            (0..<Int.random(in: 0...80, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    Int32.random(in: 0..<vocabulary, using: &random)
                }
            })
    }

    /// Shared out among the allowed tokens, in double precision.
    private func share(
        _ model: TableModel, _ rule: ListConstraint, _ prefix: [Int32], _ token: Int32
    ) -> Float {
        let allowed = (0..<model.vocabulary).filter { rule.prefixes.contains(prefix + [$0]) }
        let total = allowed.reduce(0.0) { $0 + exp(Double(model.logProb(prefix, $1))) }
        return Float(Double(model.logProb(prefix, token)) - log(total))
    }

    @Test("Beside shares by definition", arguments: [1, 2, 5], [false, true])
    func naive(beams: Int, isPartial: Bool) {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...40, using: &random)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: seed % 2 == 0)
            let rule = rule(&random, vocabulary)
            var search = BeamSearch(.init(beams: beams, maximumLength: 5))
            search.options.renormalizes = true
            let found = isPartial ? search.run(PartialModel(table: model), rule) : search.run(model, rule)
            let expected = NaiveBeamSearch(beams: beams, maximumLength: 5).run(
                vocabulary: vocabulary, logProb: { share(model, rule, $0, $1) },
                isAllowed: { rule.prefixes.contains($0) }, isComplete: { rule.sequences.contains($0) })
            #expect(found.count == expected.count, "seed \(seed)")
            // Equal sums may round apart and change places: scores are compared in order, and each
            // prefix with its own score.
            for (one, two) in zip(found, expected) {
                #expect(abs(one.logProb - two.logProb) < 1e-4, "seed \(seed)")
                let own = one.tokens.indices.reduce(Float(0)) {
                    $0 + share(model, rule, Array(one.tokens[..<$1]), one.tokens[$1])
                }
                #expect(abs(one.logProb - own) < 1e-4, "seed \(seed)")
            }
        }
    }

    @Test("A batch finds what each search finds alone", arguments: [false, true])
    func batches(renormalizes: Bool) {
        for seed in UInt64(0)..<40 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int32.random(in: 1...40, using: &random)
            let model = TableModel(vocabulary: vocabulary, seed: seed, isSparse: seed % 2 == 0)
            let queries = (0..<Int.random(in: 0...5, using: &random)).map { query in
                (start: [Int32(query)], constraint: rule(&random, vocabulary))
            }
            var search = BeamSearch(.init(beams: 3, maximumLength: 5))
            search.options.renormalizes = renormalizes
            let together = search.run(model, queries)
            for (one, query) in zip(together, queries) {
                let alone = search.run(model, [query])[0]
                #expect(one.map(\.tokens) == alone.map(\.tokens))
                #expect(one.map(\.logProb) == alone.map(\.logProb))
            }
        }
    }
}
