import Corpora
import Evaluation
import Testing

@Suite struct VariantTests {
    private let groups = QueryGroups([
        .init("g", ["q1", "q2", "q3"]), .init("h", ["r1", "r2"]), .init("alone", ["s"]),
    ])

    private func run(_ lists: [Identifier: [Identifier]]) -> TRECRun {
        var run = TRECRun()
        for (query, list) in lists.sorted(by: { $0.key < $1.key }) {
            run.set(list.enumerated().map { .init(passage: $1, score: Double(-$0)) }, query: query)
        }
        return run
    }

    private func qrels(_ queries: [Identifier]) -> Qrels {
        var qrels = Qrels()
        for query in queries {
            qrels.set(1, query: query, passage: "t")
            qrels.set(0, query: query, passage: "a")
        }
        return qrels
    }

    @Test("Rank variance by hand") func variance() {
        let run = run([
            "q1": ["t", "a", "b"], "q2": ["a", "t"], "q3": ["a", "b", "t"], "r1": ["a", "b", "c", "d"], "r2": ["t"],
        ])
        let judged = qrels(["q1", "q2", "q3", "r1", "r2"])
        let whole = VariantConsistency(run, groups: groups, qrels: judged)
        // Ranks 1, 2, 3 with mean 2, and 5 (behind the longest list, of four) and 1 with mean 3.
        #expect(whole.rankVariance == (1 + 0 + 1 + 4 + 4) / 5.0)
        #expect(whole.unfound == 1)
        #expect((whole.groupCount, whole.variantCount, whole.withoutList) == (2, 5, 0))
        #expect(whole.cappedRankVariance == whole.rankVariance)
        // 5 counts as 3: the second group has 3 and 1 with mean 2.
        #expect(VariantConsistency(run, groups: groups, qrels: judged, cap: 3).cappedRankVariance == (2 + 1 + 1) / 5.0)
        // A form without a relevant passage does not count, nor does what remains alone.
        let less = VariantConsistency(run, groups: groups, qrels: qrels(["q1", "q3", "r2"]))
        #expect(less.rankVariance == 1)
        #expect(less.unfound == 0)
        #expect(VariantConsistency(run, groups: groups, qrels: judged, level: 2).rankVariance == nil)
        #expect(VariantConsistency(run, groups: groups, qrels: judged, level: .min).rankVariance != nil)
    }

    @Test("Overlap over the pairs of a group, without judgements") func overlap() throws {
        let lists: [Identifier: [Identifier]] = [
            "q1": ["a", "b", "c"], "q2": ["c", "b", "a"], "q3": ["a", "b", "c"], "r1": ["x"],
        ]
        let consistency = VariantConsistency(run(lists), groups: groups)
        #expect(consistency.rankVariance == nil && consistency.cappedRankVariance == nil)
        // .855, 1 and .855 in the first group; in the second a form has no list.
        let expected = ((0.855 + 1 + 0.855) / 3 + 0) / 2
        #expect(abs(try #require(consistency.overlap) - expected) < 1e-12)
        #expect(consistency.withoutList == 1)
    }
}
