import BuiltTool
import Foundation
import Testing

/// What a user of trec_eval gives and expects.
@Suite struct EvalCommandTests {
    private let qrels: String
    private let good: String

    init() throws {
        qrels = try Tool.write("qrels", "# pooled to depth 10\nq1 0 a 1\nq2 0 b 2\n")
        good = try Tool.write("good.run", "q1 Q0 x 1 2 t\nq1 Q0 a - 1 t\n")
    }

    private func values(_ outcome: Tool.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
    }

    @Test func formsOfMeasures() throws {
        let outcome = try Tool.run(
            "eval", "--qrels", qrels, "--run", good, "-l2", "-c", "-q", "-m", "P.1,2", "success", "map", "map")
        outcome.expectSuccess()
        #expect(
            values(outcome).prefix(6) == [
                "P_1 q1 0.0000", "P_2 q1 0.0000", "success_1 q1 0.0000",
                "success_5 q1 0.0000", "success_10 q1 0.0000", "map q1 0.0000",
            ])
        #expect(values(outcome).contains("map q2 0.0000") && values(outcome).contains("num_q all 2"))
        let official = try Tool.run("eval", "--qrels", qrels, "--run", good, "-m", "official")
        official.expectSuccess()
        #expect(official.errorLines.count == 1 && official.errors.contains("gm_map"))
        #expect(values(official).contains("map all 0.5000") && values(official).contains("P_1000 all 0.0010"))
        try Tool.run("eval", "--qrels", qrels, "--run", good, "-m", "foo").expectUsage(containing: "ndcg_cut_K")
    }

    @Test func runsWithoutAJudgedQuery() throws {
        let other = try Tool.write("other.run", "zz Q0 a 1 1 t\n")
        for run in [other, try Tool.write("empty.run", ""), try Tool.write("comment.run", "# nothing\n")] {
            let complete = try Tool.run("eval", "--qrels", qrels, "--run", run, "-c", "-m", "map")
            complete.expectSuccess()
            #expect(values(complete).suffix(2) == ["num_q all 2", "map all 0.0000"])
            try Tool.run("eval", "--qrels", qrels, "--run", run, "-m", "map").expectSentence(1, containing: run)
        }
        let both = try Tool.run("eval", "--qrels", qrels, "--run", good, other, "-c", "-m", "map")
        both.expectSuccess()
        #expect(values(both).contains("map 0.2500 0.0000"))
    }

    @Test("A run that cannot be judged does not end the others") func severalRuns() throws {
        let broken = try Tool.write("broken.run", "q1 Q0 a 1 nan t\n")
        let other = try Tool.write("other.run", "zz Q0 a 1 1 t\n")
        let outcome = try Tool.run(
            "eval", "--qrels", qrels, "--run", good, broken, Tool.fresh("absent"), other, good, "-m", "map")
        #expect(outcome.code == 1)
        #expect(outcome.errorLines.count == 3 && outcome.errors.contains("\(broken):1: "))
        #expect(values(outcome).contains("map 0.5000 0.5000"))
    }

    @Test func scoresAreCompared() throws {
        let close = try Tool.write("run", "q1 Q0 a 1 0.99999999 rr\nq1 Q0 b 2 0.99999998 rr more\n")
        let outcome = try Tool.run("eval", "--qrels", qrels, "--run", close, "-m", "recip_rank")
        #expect(values(outcome).last == "recip_rank all 1.0000")
    }

    @Test func gradesWithAFraction() throws {
        let path = try Tool.write("qrels", "q1 0 a 1.0\n")
        let whole = try Tool.run("eval", "--qrels", path, "--run", good, "-m", "map")
        #expect(whole.code == 0 && whole.errors.isEmpty && values(whole).last == "map all 0.5000")
        let cut = try Tool.run(
            "eval", "--qrels", try Tool.write("qrels", "q1 0 a 1.5\nq1 0 x 0.5\n"), "--run", good, "-m", "map")
        #expect(
            cut.code == 0 && cut.errorLines.count == 1 && cut.errors.contains(":1: ") && cut.errors.contains("1 more"))
    }

    @Test("Ids in both normal forms are two") func bytes() throws {
        let path = try Tool.write("qrels", "q 0 caf\u{e9} 1\n")
        let run = try Tool.write("run", "q Q0 cafe\u{301} 1 2 t\nq Q0 caf\u{e9} 2 1 t\n")
        let outcome = try Tool.run("eval", "--qrels", path, "--run", run, "-m", "recip_rank")
        outcome.expectSuccess()
        #expect(values(outcome).last == "recip_rank all 0.5000")
    }

    @Test("Pipes and - as files") func streams() throws {
        let outcome = try Tool.shell(
            "cat '\(good)' | \"$G\" eval --qrels <(cat '\(qrels)') --run - -m map && \"$G\" eval --qrels - --run '\(good)' -m map < '\(qrels)'"
        )
        outcome.expectSuccess()
        #expect(values(outcome).count { $0 == "map all 0.5000" } == 2)
        try Tool.run("eval", "--qrels", "-", "--run", "-").expectUsage(containing: "standard input")
    }
}
