import BuiltTool
import Foundation
import Testing

/// What `genret eval` says of several runs, of two judgements and of forms of a query.
@Suite struct EvalComparisonTests {
    private let first: String
    private let second: String
    private let qrels: String

    init() throws {
        first = try Tool.write(
            "first.run", "q1 Q0 a 1 3 t\nq1 Q0 b 2 2 t\nq1 Q0 c 3 1 t\nq2 Q0 q2 1 2 t\nq2 Q0 a 2 1 t\n")
        second = try Tool.write("second.run", "q1 Q0 c 1 3 t\nq1 Q0 b 2 2 t\nq1 Q0 a 3 1 t\nq3 Q0 a 1 1 t\n")
        qrels = try Tool.write("qrels", "q1 0 a 1\nq2 0 a 1\nq2 0 b 1\nq2 0 c 1\n")
    }

    private func values(_ outcome: Tool.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
    }

    @Test("What a run changed, without judgements") func changes() throws {
        let outcome = try Tool.run("eval", "--run", first, second, "--compare-runs", "-q")
        #expect(outcome.code == 0)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("2 queries are only in it or only in"))
        for line in ["rbo 0.8550", "tau -1.0000", "common 3.0000", "moved@10 2.0000", "new@10 0.0000", "queries 1"] {
            #expect(values(outcome).contains(line), "\(line)")
        }
        #expect(values(outcome).contains("rbo q1 0.8550"))
        #expect(outcome.output.contains("have 86 % of the weight"))
        let shallow = try Tool.run("eval", "--run", first, second, "--compare-runs", "--rbo-p", "0.5", "--json")
        // By the definition: .5 · 0 + .25 · 1/2 + .125 · 1 and from there on all: .125 + .25.
        #expect(shallow.output.contains(#""rbo":0.375"#), "\(shallow.output)")
        let other = try Tool.write("other.run", "z1 Q0 a 1 1 t\nz2 Q0 a 1 1 t\nz3 Q0 a 1 1 t\nz4 Q0 a 1 1 t\n")
        let alone = try Tool.run("eval", "--run", first, other, "--compare-runs")
        alone.expectSentence(1, containing: "its ids are z1, z2, z3, …, those of")
    }

    @Test("Judged and compared at once") func judgedAndCompared() throws {
        let outcome = try Tool.run(
            "eval", "--qrels", qrels, "--run", first, second, "--compare-runs", "-m", "MRR@10", "--correction", "holm")
        #expect(outcome.code == 0)
        #expect(values(outcome).contains("MRR@10 0.7500 0.3333"))
        #expect(outcome.output.contains("corrected for 1 comparisons") == false)
        #expect(outcome.output.contains("Holm's method"))
        #expect(values(outcome).contains("tau -1.0000"))
    }

    @Test("Quirks of collections have switches and names") func quirks() throws {
        func value(_ measure: String, _ more: String...) throws -> String? {
            let outcome = try Tool.run(["eval", "--qrels", qrels, "--run", first, "-m", measure] + more)
            outcome.expectSuccess()
            return values(outcome).last?.split(separator: " ").last.map(String.init)
        }
        #expect(try value("MRR@10") == "0.7500")
        // q2 found itself first.
        #expect(try value("MRR@10", "--remove-query") == "1.0000")
        #expect(try value("MRR@10", "--judged-only") == "1.0000")
        #expect(try value("MRR@10", "-J") == "1.0000")
        // 1 of 1 and 1 of 3: the mean of two queries, and of four passages.
        #expect(try value("recall_5") == "0.6667")
        #expect(try value("micro_recall_5") == "0.5000")
        // 1/2 over 1 + 1/2 + 1/3, and 1.
        #expect(try value("ndcg_reciprocal_10") == "0.6364")
        #expect(try value("ranked_MRR@10") == "0.7500")
    }

    @Test("UDCG reads what passages are worth") func utility() throws {
        let utilities = try Tool.write("utility", "q1 a 1\nq1 b 0\nq1 c 0\nq2\tq2\t0\nq2\ta\t0.5\n")
        let abstentions = try Tool.write("abstention", "q1 a 0\nq1 b 1\nq1 c 1\nq2 q2 1\nq2 a .5\n")
        for (flag, file) in [("--utility", utilities), ("--abstention", abstentions)] {
            let outcome = try Tool.run("eval", "--qrels", qrels, "--run", first, flag, file, "-m", "UDCG@5", "-q")
            outcome.expectSuccess()
            // The sigmoids of 1/3 and of .5/2.
            #expect(values(outcome).prefix(2) == ["UDCG@5 q1 0.5826", "UDCG@5 q2 0.5622"])
            #expect(
                values(try Tool.run("eval", "--qrels", qrels, "--run", first, flag, file)).last == "UDCG@5 all 0.5724")
        }
        let few = try Tool.run(
            "eval", "--qrels", qrels, "--run", first, "--utility", try Tool.write("few", "q1 a 1\n"), "-m", "UDCG@5")
        #expect(few.code == 0 && few.errors.contains("4 of the passages that UDCG looks at have no utility"))
        try Tool.run("eval", "--qrels", qrels, "--run", first, "--utility", try Tool.write("bad", "q1 a 2\n"))
            .expectSentence(1, containing: "no probability")
    }

    @Test("Forms of a query") func variants() throws {
        let variants = try Tool.write("variants", "q1\tg\nq2\tg\nq9\tother\n")
        let outcome = try Tool.run("eval", "--qrels", qrels, "--run", first, "--variants", variants, "-m", "map")
        #expect(outcome.code == 0)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("1 group has one query"))
        // Ranks 1 and 2.
        #expect(values(outcome).contains("MRV 0.2500") && values(outcome).contains("MRV@100 0.2500"))
        #expect(values(outcome).contains("groups 1") && values(outcome).contains("unfound 0"))
        let unjudged = try Tool.run("eval", "--run", first, "--variants", variants)
        #expect(unjudged.code == 0 && values(unjudged).contains("MRV -"))
        try Tool.run("eval", "--run", first, "--variants", try Tool.write("v", "x1\tg\nx2\tg\n"))
            .expectSentence(1, containing: "its ids are q1, q2, those of the variants are x1, x2")
    }

    @Test("Two judgements of the same runs") func agreement() throws {
        let model = try Tool.write("model", "q1 0 c 1\nq2 0 a 1\nq8 0 c 1\n")
        let outcome = try Tool.run(
            "eval", "--qrels", qrels, "--agreement", model, "--run", first, second, "-m", "MRR@10", "-c")
        #expect(outcome.code == 0)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("\(model): 1 of its queries"))
        let lines = values(outcome)
        // 1 and 1/2 against 1/3 and nothing; 1/3 and 1/2 against 1 and nothing.
        #expect(
            lines.contains { $0.hasSuffix(" 0.7500 0.4167 2") } && lines.contains { $0.hasSuffix(" 0.1667 0.5000 2") })
        #expect(lines.contains("tau -1.0000") && lines.contains("tau_ap -1.0000"))
        #expect(lines.contains("PD, significant in neither, opposite directions 1"))
        #expect(lines.contains("false positives, 0 of 0 -"))
        #expect(outcome.output.contains("Holm's method"))
        let json = try Tool.run(
            "eval", "--qrels", qrels, "--agreement", model, "--run", first, second, "--json", "--correction", "none")
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let agreement = try #require((report?["agreement"] as? [[String: Any]])?.first)
        #expect(agreement["measure"] as? String == "ndcg_cut_10")
        #expect(report?["correction"] as? String == "none")
        let lone = try Tool.run("eval", "--qrels", qrels, "--agreement", model, "--run", first, Tool.fresh("absent"))
        #expect(lone.code == 1 && lone.output.isEmpty && lone.errors.contains("no such file"))
        try Tool.run(
            "eval", "--qrels", qrels, "--agreement", try Tool.write("none", "x 0 a 1\n"), "--run", first, second
        ).expectSentence(1, containing: "its ids are x, those of")
    }

    @Test("A run and judgements without a common query say their ids") func noCommonQuery() throws {
        let other = try Tool.write("other.run", "01 Q0 a 1 1 t\n")
        try Tool.run("eval", "--qrels", qrels, "--run", other).expectSentence(
            1, containing: "its ids are 01, those of the judgements are q1, q2")
    }

    @Test("Options that do not go together") func usage() throws {
        let cases: [([String], String)] = [
            (["--run", first], "--qrels"),
            (["--run", first, second, "--compare-runs", "-m", "map"], "need judgements"),
            (["--run", first, "--compare-runs"], "two runs"),
            (["--qrels", qrels, "--run", first, "--agreement", qrels], "two runs"),
            (["--run", first, second, "--compare-runs", "--rbo-p", "1"], "--rbo-p"),
            (["--run", first, second, "--compare-runs", "--rbo-p", "nan"], "--rbo-p"),
            (["--run", first, second, "--compare-runs", "--rbo-p", "1e-320"], "--rbo-p"),
            (["--qrels", qrels, "--run", first, second, "--test", "t", "--correction", "tukey"], "tukey"),
            (["--qrels", qrels, "--run", first, "--correction", "fdr"], "fdr"),
            (["--qrels", qrels, "--run", first, "-m", "UDCG@5"], "--abstention"),
            (["--qrels", qrels, "--run", first, "-m", "map", "--utility", qrels], "UDCG@K"),
            (["--qrels", qrels, "--run", first, "--abstention", qrels, "--utility", qrels], "one of them"),
            (["--qrels", qrels, "--run", first, second, "--agreement", qrels, "--compare-runs"], "without"),
            (["--qrels", "-", "--run", first, second, "--agreement", "-"], "standard input"),
        ]
        for (arguments, part) in cases { try Tool.run(["eval"] + arguments).expectUsage(containing: part) }
    }
}
