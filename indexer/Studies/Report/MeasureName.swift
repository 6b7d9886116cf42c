import Evaluation

/// Measures as papers write them, and the order in which a report shows them.
enum MeasureName {
    static func text(_ measure: Measure) -> String {
        switch measure {
        case .map: "MAP"
        case .recipRank: "MRR"
        case .recipRankCut(let cutoff): "MRR@\(cutoff)"
        case .ndcg: "nDCG"
        case .ndcgCut(let cutoff): "nDCG@\(cutoff)"
        case .recall(let cutoff): "R@\(cutoff)"
        case .precision(let cutoff): "P@\(cutoff)"
        case .hits(let cutoff): "hit@\(cutoff)"
        case .success(let cutoff): "success@\(cutoff)"
        case .judged(let cutoff): "judged@\(cutoff)"
        case .rPrecision: "R-precision"
        case .bpref, .other: "\(measure)"
        }
    }

    /// The first of these that a study has is the one that its summary speaks of.
    private static let preferred: [Measure] = [
        .ndcgCut(10), .recipRankCut(10), .hits(1), .hits(10), .recall(100), .recall(1000), .hits(100),
    ]

    static func ordered(_ measures: Set<Measure>) -> [Measure] {
        let known = preferred.filter { measures.contains($0) }
        let others = measures.subtracting(known).sorted { $0.description < $1.description }
        return known + others
    }
}
