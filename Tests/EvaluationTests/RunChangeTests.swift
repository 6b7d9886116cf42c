import Corpora
import Evaluation
import Testing

@Suite struct RunChangeTests {
    private func run(_ tag: String, _ lists: [(Identifier, [Identifier])]) -> TRECRun {
        var run = TRECRun(tag: tag)
        for (query, list) in lists {
            run.set(list.enumerated().map { .init(passage: $1, score: Double(-$0)) }, query: query)
        }
        return run
    }

    @Test("What a list changed, by hand") func list() throws {
        // d left, e came; a and b changed places, and c stayed.
        let change = ListChange(from: ["a", "b", "c", "d"], to: ["b", "a", "c", "e"])
        #expect((change.common, change.moved, change.new) == (3, 3, 1))
        #expect(change.tau == 1.0 / 3)
        #expect(change.overlap == RankBiasedOverlap(["a", "b", "c", "d"], ["b", "a", "c", "e"], persistence: 0.9))
        let shorter = ListChange(from: ["a", "b", "c"], to: ["a"], depth: 2)
        #expect((shorter.common, shorter.moved, shorter.new) == (1, 1, 0))
        #expect(shorter.tau == nil)
        // Only the first places count as moved or new.
        let deep = ListChange(from: ["a", "b", "c", "d"], to: ["a", "b", "d", "e"], depth: 2)
        #expect((deep.common, deep.moved, deep.new) == (3, 0, 0))
    }

    @Test("A run against itself changes nothing, and its reverse all that can change") func wholeRuns() {
        let passages = (0..<12).map { Identifier("p\($0)") }
        let before = run("before", [("q2", passages), ("q1", Array(passages.prefix(3))), ("gone", ["x"])])
        let same = RunChange(before, against: before)
        #expect(same.queryIDs == ["gone", "q1", "q2"])
        for change in same.changes.values {
            #expect(abs(change.overlap.extrapolated - 1) < 1e-12)
            #expect((change.moved, change.new) == (0, 0))
        }
        let after = run("after", [("q1", passages.prefix(3).reversed()), ("q2", passages.reversed()), ("come", ["x"])])
        let change = RunChange(after, against: before)
        #expect((change.tag, change.baseline) == ("after", "before"))
        #expect(change.queryIDs == ["q1", "q2"])
        #expect((change.onlyInBaseline, change.onlyInRun) == (["gone"], ["come"]))
        #expect(change.changes["q2"]?.tau == -1)
        #expect(change.changes["q2"]?.moved == 10)
        #expect(change.changes["q2"]?.new == 2)
        #expect(change.changes["q1"]?.moved == 2)
    }

    @Test("Lists without passages") func emptyLists() {
        let before = run("before", [("q1", []), ("q2", []), ("q3", ["a"])])
        #expect(RunChange(before, against: before).queryIDs == ["q3"])
        let change = RunChange(run("after", [("q1", []), ("q2", ["a"]), ("q3", [])]), against: before)
        #expect(change.queryIDs == ["q2", "q3"])
        #expect(change.changes["q2"]?.new == 1 && change.changes["q3"]?.moved == 1)
        #expect(change.changes.values.allSatisfy { $0.overlap.extrapolated == 0 && $0.common == 0 })
    }

    @Test("Lists are read in trec_eval's order") func order() {
        var first = TRECRun(tag: "first")
        first.set([.init(passage: "a", score: 1), .init(passage: "b", score: 1)], query: "q")
        let change = RunChange(run("second", [("q", ["b", "a"])]), against: first)
        #expect(change.changes["q"]?.moved == 0)
    }

    @Test("What evaluations leave out of runs") func leavingOut() {
        let whole = run("r", [("q1", ["q1", "a", "b"]), ("q2", ["q1", "c"]), ("q3", ["q3"])])
        let others = whole.withoutQueryPassages()
        #expect(others.queryIDs == ["q1", "q2", "q3"])
        #expect(others.ranking(of: "q1") == ["a", "b"])
        #expect(others.ranking(of: "q2") == ["q1", "c"])
        #expect(others.results["q3"] == [])
        var qrels = Qrels()
        qrels.set(0, query: "q1", passage: "b")
        qrels.set(1, query: "q2", passage: "a")
        let judged = whole.onlyJudged(by: qrels)
        #expect(judged.ranking(of: "q1") == ["b"])
        #expect(judged.results["q2"] == [] && judged.results["q3"] == [])
        #expect(judged.tag == "r")
    }
}
