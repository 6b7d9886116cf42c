import Corpora
import Evaluation
import Foundation
import TestSupport
import Testing

/// Files of judgements and runs with what trec_eval 10 printed of them, by `scripts/compare-trec-eval`.
@Suite struct TrecEvalPairTests {
    private struct Pair: Decodable {
        let options: [String]
        let qrels: String
        let run: String
        /// Measure, question or `all`, and the printed value.
        let expected: [[String]]
    }

    private let words = [
        "map", "recip_rank", "ndcg", "Rprec", "bpref", "P.1,5,10,20,100", "recall.1,5,10,100,1000",
        "ndcg_cut.1,3,5,10,20,100", "success.1,2,5,10",
    ]

    @Test func everyPrintedValue() throws {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let pairs = try JSONDecoder().decode(
            [Pair].self, from: Data(contentsOf: fixtures.appending(path: "trec_eval_pairs.json")))
        let folder = try TemporaryFolder()
        var compared = 0
        for pair in pairs {
            let (qrels, run) = (folder.path("qrels"), folder.path("run"))
            try Data(pair.qrels.utf8).write(to: URL(filePath: qrels))
            try Data(pair.run.utf8).write(to: URL(filePath: run))
            var options = EvaluationOptions(measures: words.flatMap { MeasureList($0)?.measures ?? [] })
            for word in pair.options {
                if word == "-c" {
                    options.countsMissingQueries = true
                } else {
                    options.relevanceLevel = Int(word.dropFirst(2))!
                }
            }
            let evaluator = Evaluator(qrels: try Qrels.read(path: qrels), options: options)
            let listing = EvaluationListing(evaluator.evaluate(try TRECRun.read(path: run)), listsQueries: true)
            // Compared by bytes: identifiers in both normal forms are different.
            let ours = Set(
                listing.text.utf8.split(separator: 0x0a).map { line in
                    Data(line.filter { $0 != 0x20 })
                })
            let theirs = Set(pair.expected.map { Data($0.joined(separator: "\t").utf8.filter { $0 != 0x20 }) })
            #expect(ours == theirs)
            compared += theirs.count
        }
        #expect(compared > 1000)
    }
}
