import Corpora
import Evaluation
import Foundation
import Memory
import Testing

/// Measures that trec_eval does not have, beside literal forms of them.
@Suite struct OtherMeasureTests {
    private struct Figures: Decodable { let judgedOnly: Fixture.Case }

    private struct Case {
        var qrels = Qrels()
        var run = TRECRun()
        /// The passages of each query, best first.
        var lists: [Identifier: [Identifier]] = [:]

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            let passages = (0..<30).map { Identifier("p\($0)") }
            for number in 0..<12 {
                let query: Identifier = "q\(number)"
                if number != 3 {
                    for passage in passages.shuffled(using: &generator).prefix(9) {
                        qrels.set(Int(generator.next() % 4) - 1, query: query, passage: passage)
                    }
                }
                guard number != 5 else { continue }
                let list = Array(passages.shuffled(using: &generator).prefix(Int(generator.next() % 20) + 1))
                lists[query] = list
                run.set(list.enumerated().map { .init(passage: $1, score: Double(-$0)) }, query: query)
            }
        }

        func relevant(_ query: Identifier, _ level: Int) -> Set<Identifier> {
            Set((qrels.judgements[query] ?? [:]).filter { $0.value >= level }.keys)
        }
    }

    private func evaluate(_ item: Case, _ measure: Measure, level: Int = 1, complete: Bool = false) -> RunEvaluation {
        let options = EvaluationOptions(
            measures: [measure], relevanceLevel: level, countsMissingQueries: complete)
        return Evaluator(qrels: item.qrels, options: options).evaluate(item.run)
    }

    @Test("T2Ranking's recall and MRR", arguments: 1...5) func t2ranking(seed: UInt64) throws {
        let item = Case(seed: seed)
        for (level, cutoff) in [(1, 3), (2, 10)] {
            var (found, all, missing, reciprocal) = (0, 0, 0, 0.0)
            for query in item.qrels.queryIDs {
                let relevant = item.relevant(query, level)
                guard let list = item.lists[query] else {
                    missing += relevant.count
                    continue
                }
                all += relevant.count
                found += list.prefix(cutoff).filter { relevant.contains($0) }.count
                if let rank = list.prefix(cutoff).firstIndex(where: { relevant.contains($0) }) {
                    reciprocal += 1 / Double(rank + 1)
                }
            }
            let recall = try #require(Measure("micro_recall_\(cutoff)"))
            let expected = Double(found) / Double(all)
            #expect(abs(evaluate(item, recall, level: level).mean(of: recall) - expected) < 1e-12)
            let complete = Double(found) / Double(all + missing)
            #expect(abs(evaluate(item, recall, level: level, complete: true).mean(of: recall) - complete) < 1e-12)
            // Eleven queries are in the run, one of them without judgements.
            let mrr = try #require(Measure("ranked_MRR@\(cutoff)"))
            for isComplete in [false, true] {
                let evaluation = evaluate(item, mrr, level: level, complete: isComplete)
                #expect(abs(evaluation.mean(of: mrr) - reciprocal / 11) < 1e-12)
            }
        }
    }

    @Test("A paired test of micro recall compares what queries add to it") func pairs() throws {
        let (first, second) = (Case(seed: 8), Case(seed: 9))
        var other = first
        other.run = second.run
        let measure = try #require(Measure("micro_recall_10"))
        let (a, b) = (evaluate(first, measure), evaluate(other, measure))
        let comparison = RunComparison(b, with: a, measure: measure)
        #expect(abs(comparison.tTest.difference - (b.mean(of: measure) - a.mean(of: measure))) < 1e-12)
    }

    @Test("LitSearch's nDCG", arguments: 1...5) func litsearch(seed: UInt64) throws {
        let item = Case(seed: seed)
        let measure = try #require(Measure("ndcg_reciprocal_5"))
        let evaluation = evaluate(item, measure)
        for query in evaluation.queryIDs {
            let relevant = item.relevant(query, 1)
            var (gain, ideal) = (0.0, 0.0)
            for (place, passage) in (item.lists[query] ?? []).prefix(5).enumerated() where relevant.contains(passage) {
                gain += 1 / Double(place + 1)
            }
            for place in 0..<relevant.count { ideal += 1 / Double(place + 1) }
            let expected = ideal > 0 ? gain / ideal : 0
            #expect(abs(evaluation.value(of: measure, query: query)! - expected) < 1e-12)
        }
    }

    @Test("UDCG by hand") func utility() throws {
        var qrels = Qrels()
        for query in ["q1", "q2", "q3"] as [Identifier] {
            qrels.set(2, query: query, passage: "a")
            qrels.set(0, query: query, passage: "b")
        }
        var run = TRECRun()
        let list = ["a", "b", "c", "d"] as [Identifier]
        run.set(list.enumerated().map { .init(passage: $1, score: Double(-$0)) }, query: "q1")
        run.set([], query: "q2")
        run.set([.init(passage: "b", score: 1)], query: "q3")
        var abstention = PassageValues()
        abstention.set(0.1, query: "q1", passage: "a")
        abstention.set(0.4, query: "q1", passage: "b")
        abstention.set(0.7, query: "q1", passage: "c")
        let measures = try [2, 4].map { try #require(Measure("udcg@\($0)")) }
        #expect("\(measures[0])" == "UDCG@2")
        let evaluation = Evaluator(
            qrels: qrels, options: EvaluationOptions(measures: measures), utilities: abstention.complements
        ).evaluate(run)
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        let values = measures.map { evaluation.value(of: $0, query: "q1")! }
        #expect(abs(values[0] - sigmoid((0.9 - 0.6 / 3) / 2)) < 1e-12)
        // d has no probability: it gains nothing and counts as one of four.
        #expect(abs(values[1] - sigmoid((0.9 - 0.6 / 3 - 0.3 / 3) / 4)) < 1e-12)
        #expect(evaluation.value(of: measures[0], query: "q2") == 0)
        #expect(evaluation.value(of: measures[0], query: "q3") == 0.5)
        #expect(evaluation.passagesWithoutUtility == 2)
    }

    @Test("Judged passages only are trec_eval's -J") func judgedOnly() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let data = try Data(contentsOf: folder.appending(path: "rankings.json"))
        let item = try JSONDecoder().decode(Figures.self, from: data).judgedOnly
        let names = try #require(item.expected.first?.value.keys)
        let options = EvaluationOptions(measures: try names.map { try #require(Measure($0)) })
        let evaluator = Evaluator(qrels: item.judgements, options: options)
        let evaluation = evaluator.evaluate(item.ranking.onlyJudged(by: item.judgements))
        var compared = 0
        for (query, expected) in item.expected {
            for (name, value) in expected {
                let measure = try #require(Measure(name))
                let ours = try #require(evaluation.value(of: measure, query: Identifier(query)))
                #expect(abs(ours - value) < 1e-9, "\(query) \(name) \(ours) \(value)")
                compared += 1
            }
        }
        #expect(compared > 100)
    }

    @Test("Names with cutoffs") func names() {
        for other in CutoffMeasure.all {
            let measure = Measure.other(other, 7)
            #expect(Measure("\(measure)") == measure)
            #expect(Measure("\(measure)".uppercased()) == measure)
            #expect(Measure(String(other.prefix.dropLast())) == nil)
            #expect(MeasureList("\(other.prefix)5,20")?.measures == [.other(other, 5), .other(other, 20)])
            #expect(MeasureList.names.contains(other.prefix + "K"))
        }
        #expect(Measure("recall_5") == .recall(5))
        #expect(Measure("ndcg_5") == .ndcgCut(5))
    }
}
