import Corpora
import Evaluation
import Testing

@Suite struct AgreementTests {
    /// Runs over twenty queries; a run finds passage `a` or `b` in each of them, by its number.
    private func evaluations(_ finds: [(Int) -> String], relevant: [Identifier]) -> [RunEvaluation] {
        var qrels = Qrels()
        var runs = finds.indices.map { TRECRun(tag: "run\($0)") }
        for number in 0..<20 {
            let query: Identifier = "q\(number)"
            for passage in relevant { qrels.set(1, query: query, passage: passage) }
            for place in finds.indices {
                runs[place].set([.init(passage: Identifier(finds[place](number)), score: 1)], query: query)
            }
        }
        let evaluator = Evaluator(qrels: qrels, options: EvaluationOptions(measures: [.hits(1)]))
        return runs.map { evaluator.evaluate($0) }
    }

    private let finds: [(Int) -> String] = [
        { _ in "neither" }, { _ in "a" }, { $0 < 18 ? "b" : "a" }, { $0 < 19 ? "neither" : "b" },
    ]

    @Test("Classes by hand") func classes() {
        // Means: 0, 1, .1, 0 by those who judge a relevant; 0, 0, .9, .05 by those who judge b relevant.
        let agreement = JudgementAgreement(
            reference: evaluations(finds, relevant: ["a"]), other: evaluations(finds, relevant: ["b"]),
            measure: .hits(1), test: .tTest, correction: .none)
        #expect(agreement.reference == [0, 1, 0.1, 0])
        #expect(agreement.other == [0, 0, 0.9, 0.05])
        // 0-1: only the reference. 0-2: only the other. 1-2: both, opposite. 0-3: neither. 1-3: the reference only, and the
        // other says the opposite. 2-3: only the other, and the reference says the same.
        #expect(agreement.classes == [.ma: 3, .ad: 1, .pa: 1, .md: 1])
        #expect(agreement.pairs == 6)
        #expect((agreement.significantInReference, agreement.onlyInReference) == (3, 2))
        #expect((agreement.significantInOther, agreement.onlyInOther) == (3, 2))
        #expect(agreement.falsePositiveRate == 2.0 / 3)
        #expect(agreement.falseNegativeRate == 2.0 / 3)
        // Pairs: 0-1 +/0, 0-2 +/+, 0-3 0/+, 1-2 −/+, 1-3 −/+, 2-3 −/−: C = 2, D = 2.
        #expect(agreement.tau == 0)
        #expect(agreement.tauAP == TauAP.value(reference: [0, 1, 0.1, 0], estimate: [0, 0, 0.9, 0.05]))
        #expect(agreement.queryCounts == [20, 20, 20, 20])
    }

    @Test("Judgements agree with themselves") func same() {
        let evaluations = evaluations(finds, relevant: ["b"])
        for correction in Correction.allCases {
            let agreement = JudgementAgreement(
                reference: evaluations, other: evaluations, measure: .hits(1), test: .randomisation,
                correction: correction)
            #expect(agreement.tau == 1 && agreement.tauAP == 1)
            #expect(agreement.classes[.aa, default: 0] + agreement.classes[.pa, default: 0] == 6)
            #expect(agreement.falsePositiveRate == 0 && agreement.falseNegativeRate == 0)
        }
    }

    @Test("A correction takes significance away") func corrected() {
        // Six queries of twenty: p = .03 as one pair, more than .05 as one of six.
        let finds: [(Int) -> String] = [
            { _ in "neither" }, { $0 < 6 ? "a" : "neither" }, { _ in "neither" }, { _ in "neither" },
        ]
        let evaluations = evaluations(finds, relevant: ["a"])
        func significant(_ correction: Correction) -> Int {
            JudgementAgreement(
                reference: evaluations, other: evaluations, measure: .hits(1), test: .randomisation,
                correction: correction
            ).significantInReference
        }
        #expect(significant(.none) == 3)
        #expect(significant(.holm) == 0 && significant(.bonferroni) == 0)
    }

    @Test("Nothing significant has no rates") func nothing() {
        let evaluations = evaluations([{ _ in "a" }, { _ in "a" }], relevant: ["a"])
        let agreement = JudgementAgreement(
            reference: evaluations, other: evaluations, measure: .hits(1), test: .tTest, correction: .holm)
        #expect(agreement.falsePositiveRate == nil && agreement.falseNegativeRate == nil && agreement.tau == nil)
        #expect(agreement.classes == [.pa: 1])
    }

    @Test("Judgements of some queries only") func some() {
        var qrels = Qrels()
        for (query, passage) in [("b", "1"), ("a", "1"), ("b", "2")] as [(Identifier, Identifier)] {
            qrels.set(1, query: query, passage: passage)
        }
        let kept = qrels.only(["b", "z"])
        #expect(kept.queryIDs == ["b"])
        #expect(kept.judgements(of: "b").map(\.passage) == ["1", "2"])
    }
}
