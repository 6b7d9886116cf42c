import Corpora
import Evaluation
import Testing

@Suite struct EvaluatorTests {
    /// Every value of every question, to the precision of the fixture.
    @Test func agreesWithTrecEval() throws {
        var compared = 0
        for item in try Fixture.load().cases {
            let names = try #require(item.expected.first?.value.keys)
            let measures = try names.map { try #require(Measure($0), "\($0)") }
            let options = EvaluationOptions(measures: measures, relevanceLevel: item.level)
            let evaluation = Evaluator(qrels: item.judgements, options: options).evaluate(item.ranking)
            #expect(Set(evaluation.queryIDs.map(\.string)) == Set(item.expected.keys))
            for (query, expected) in item.expected {
                for (name, value) in expected {
                    let measure = try #require(Measure(name))
                    let ours = try #require(evaluation.value(of: measure, query: Identifier(query)))
                    #expect(abs(ours - value) < 1e-9, "\(query) \(name) \(ours) \(value)")
                    compared += 1
                }
            }
            for name in names {
                let measure = try #require(Measure(name))
                let mean = item.expected.values.reduce(0) { $0 + ($1[name] ?? 0) } / Double(item.expected.count)
                #expect(abs(evaluation.mean(of: measure) - mean) < 1e-9)
            }
        }
        #expect(compared > 1000)
    }

    @Test func missingAndUnjudgedQueries() throws {
        var qrels = Qrels()
        for query in ["a", "b", "c"] as [Identifier] { qrels.set(1, query: query, passage: "x") }
        var run = TRECRun(tag: "r")
        run.set([.init(passage: "x", score: 1)], query: "a")
        run.set([], query: "b")
        run.set([.init(passage: "x", score: 1)], query: "z")
        let usual = Evaluator(qrels: qrels).evaluate(run)
        #expect(usual.mean(of: .map) == 0.5)
        #expect(usual.missingQueryIDs == ["c"])
        #expect(usual.unjudgedQueryIDs == ["z"])
        #expect(usual.value(of: .map, query: "c") == nil)
        let complete = Evaluator(
            qrels: qrels, options: EvaluationOptions(countsMissingQueries: true)
        ).evaluate(run)
        #expect(complete.mean(of: .map) == 1.0 / 3)
        #expect(complete.value(of: .map, query: "c") == 0)
        #expect(complete.means[.hits(1)] == 1.0 / 3)
    }

    @Test func judgedCountsShortLists() {
        var qrels = Qrels()
        qrels.set(0, query: "q", passage: "a")
        qrels.set(-1, query: "q", passage: "b")
        var run = TRECRun()
        run.set(
            (["a", "b", "c"] as [Identifier]).enumerated().map { .init(passage: $1, score: Double(-$0)) }, query: "q")
        let evaluation = Evaluator(qrels: qrels).evaluate(run)
        #expect(evaluation.mean(of: .judged(10)) == 2.0 / 3)
    }

    @Test func namesRoundTrip() {
        for measure in Measure.standard { #expect(Measure("\(measure)") == measure) }
        #expect(Measure("nDCG@10") == .ndcgCut(10))
        #expect(Measure("P.5") == .precision(5))
        #expect(Measure("success_1") == .success(1))
        for name in ["", "ndcg@", "ndcg@0", "ndcg@x", "foo_3", "@1"] { #expect(Measure(name) == nil) }
    }

    @Test func trecEvalsForms() {
        #expect(MeasureList("ndcg_cut.5,10")?.measures == [.ndcgCut(5), .ndcgCut(10)])
        #expect(MeasureList("P.5")?.measures == [.precision(5)])
        #expect(MeasureList("P")?.measures.count == 9)
        #expect(MeasureList("success")?.measures == [.success(1), .success(5), .success(10)])
        #expect(MeasureList("MRR@10")?.measures == [.recipRankCut(10)])
        #expect(MeasureList("official")?.measures.count == 13)
        for name in ["", "P.", "P.0", "P.5,", "P.5,x", "map.5,10", "official.5", ",", "foo"] {
            #expect(MeasureList(name) == nil, "\(name)")
        }
    }
}
