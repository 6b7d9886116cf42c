import Engine
import Evaluation
import Search

/// BM25 of Thakur et al. 2021 (table 2: nDCG@10 with Anserini's parameters, titles and texts in two fields) and the default encoder's
/// figures of the MTEB leaderboard (Muennighoff et al. 2023), on the collections of BEIR. Entered without the
/// pages at hand: NFCorpus' were measured and agree.
enum BEIRReferences {
    static let all: [ReferenceRun] =
        bm25.map { run("bm25", $0.0, $0.1, "BM25", BM25Retriever.id, beir) }
        + miniLM.map {
            run("minilm", $0.0, $0.1, encoder, DenseRetriever.id, "MTEB leaderboard, retrieval", encoder: encoder)
        }

    private static let beir = "Thakur et al. 2021, table 2"
    private static let encoder = "all-MiniLM-L6-v2"

    private static let bm25: [(String, Double)] = [
        ("arguana", 0.315), ("climate-fever", 0.213), ("dbpedia-entity", 0.313), ("fever", 0.753), ("fiqa", 0.236),
        ("hotpotqa", 0.603), ("nfcorpus", 0.325), ("nq", 0.329), ("quora", 0.789), ("scidocs", 0.158),
        ("scifact", 0.665), ("trec-covid", 0.656), ("webis-touche2020", 0.367),
    ]

    private static let miniLM: [(String, Double)] = [
        ("arguana", 0.5017), ("fiqa", 0.3687), ("nfcorpus", 0.3159), ("scifact", 0.6451), ("trec-covid", 0.4725),
    ]

    private static func run(
        _ kind: String, _ name: String, _ published: Double, _ system: String, _ retriever: ComponentID,
        _ source: String,
        encoder: String? = nil
    ) -> ReferenceRun {
        var run = ReferenceRun(
            "\(name)-\(kind)", "BEIR's \(name), a folder as BEIR has it", system, [.init(.ndcgCut(10), published)],
            source: source, retriever: retriever, encoder: encoder)
        run.rules.removesQuery = true
        return run
    }
}
