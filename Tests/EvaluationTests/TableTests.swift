import Corpora
import Evaluation
import Testing

@Suite struct TableTests {
    private func evaluations() -> [RunEvaluation] {
        var qrels = Qrels()
        var (weak, strong) = (TRECRun(tag: "weak"), TRECRun(tag: "the strong one"))
        for number in 0..<20 {
            let query: Identifier = "q\(number)"
            qrels.set(1, query: query, passage: "x")
            let better = TRECRun.Entry(passage: "x", score: 2)
            let worse = TRECRun.Entry(passage: "x", score: number % 4 == 0 ? 2 : 0)
            weak.set([.init(passage: "y", score: 1), worse], query: query)
            strong.set([.init(passage: "y", score: 1), better], query: query)
        }
        let options = EvaluationOptions(measures: [.recipRank, .hits(10)])
        let evaluator = Evaluator(qrels: qrels, options: options)
        return [evaluator.evaluate(weak), evaluator.evaluate(strong)]
    }

    @Test func comparison() {
        for test in ComparisonTable.Test.allCases {
            let table = ComparisonTable(evaluations(), test: test)
            #expect(
                table.text == """
                                  weak  the strong one
                    recip_rank  0.6250        1.0000**
                    Hits@10     1.0000        1.0000
                    queries         20            20
                    * p < 0.05, ** p < 0.01 against weak, \(test.rawValue), two-sided, not corrected for \
                    several comparisons

                    """)
            let first = table.comparisons[0][0]
            #expect((first.wins, first.ties, first.losses) == (15, 5, 0))
        }
    }

    @Test func listing() {
        let text = EvaluationListing(evaluations()[0], listsQueries: true).text
        let lines = text.split(separator: "\n")
        #expect(lines.count == 20 * 2 + 4)
        #expect(lines[0] == "recip_rank            \tq0\t1.0000")
        #expect(
            lines[40...] == [
                "runid                 \tall\tweak", "num_q                 \tall\t20",
                "recip_rank            \tall\t0.6250", "Hits@10               \tall\t1.0000",
            ])
    }
}
