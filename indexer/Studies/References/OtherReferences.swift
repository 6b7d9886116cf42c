import Engine
import Evaluation

/// BM25 on collections outside BEIR, each counted as its publishers count.
enum OtherReferences {
    static let all = [t2Ranking]

    /// Recall is over all judgements together, MRR over ranked queries; grades of 2 and 3 are relevant.
    private static let t2Ranking: ReferenceRun = {
        var run = ReferenceRun(
            "t2ranking-bm25", "T2Ranking's development queries, converted to a folder as BEIR has it", "BM25",
            [
                .init(.other(.rankedReciprocalRank, 10), 0.3589), .init(.other(.microRecall, 50), 0.494),
                .init(.other(.microRecall, 1_000), 0.746),
            ], source: "Xie et al. 2023", retriever: BM25Retriever.id)
        run.rules.level = 2
        return run
    }()
}
