/// A measure of the quality of a ranked list, defined as in trec_eval where it has that measure.
public enum Measure: Sendable, Hashable {
    /// Average precision.
    case map
    /// The reciprocal of the rank of the first relevant passage.
    case recipRank
    /// The same, 0 where that rank is beyond the cutoff; `MRR@10` with 10.
    case recipRankCut(Int)
    /// Normalised discounted cumulative gain over the whole list; the gain is the grade.
    case ndcg
    /// The same over the passages above the cutoff.
    case ndcgCut(Int)
    /// Relevant passages found, over all relevant passages.
    case recall(Int)
    /// Relevant passages found, over the cutoff.
    case precision(Int)
    /// 1 where a relevant passage is above the cutoff.
    case hits(Int)
    /// The same under trec_eval's name.
    case success(Int)
    /// The part of the passages above the cutoff, at most the cutoff, that have a judgement.
    case judged(Int)
    /// Precision at as many passages as are relevant.
    case rPrecision
    /// Preference of relevant passages over those judged not relevant.
    case bpref
    /// One of those that trec_eval does not have, with its cutoff.
    case other(CutoffMeasure, Int)

    /// How values of questions become the value of a run.
    var averaging: CutoffMeasure.Averaging {
        if case .other(let other, _) = self { other.averaging } else { .queries }
    }

    /// The first places whose utilities it looks at; 0 of a measure that needs none.
    public var utilityDepth: Int {
        if case .other(let other, let cutoff) = self, other.needsUtilities { cutoff } else { 0 }
    }

    /// All measures of a full report, in the order in which they are printed.
    public static let standard: [Measure] =
        [.map, .recipRank, .recipRankCut(10)]
        + [5, 10, 20, 100].map { .ndcgCut($0) } + [.ndcg]
        + [5, 10, 20, 100, 1000].map { .recall($0) }
        + [1, 5, 10, 20, 100].map { .precision($0) }
        + [1, 5, 10, 100].map { .hits($0) }
        + [.judged(10), .rPrecision, .bpref]
}

extension Measure: CustomStringConvertible {
    /// The name people know: trec_eval's, or `MRR@10`, `Hits@1`, `judged@10`.
    public var description: String {
        switch self {
        case .map: "map"
        case .recipRank: "recip_rank"
        case .recipRankCut(let cutoff): "MRR@\(cutoff)"
        case .ndcg: "ndcg"
        case .ndcgCut(let cutoff): "ndcg_cut_\(cutoff)"
        case .recall(let cutoff): "recall_\(cutoff)"
        case .precision(let cutoff): "P_\(cutoff)"
        case .hits(let cutoff): "Hits@\(cutoff)"
        case .success(let cutoff): "success_\(cutoff)"
        case .judged(let cutoff): "judged@\(cutoff)"
        case .rPrecision: "Rprec"
        case .bpref: "bpref"
        case .other(let other, let cutoff): "\(other.prefix)\(cutoff)"
        }
    }

    /// Reads a name in any of the usual spellings, such as `ndcg_cut_10`, `ndcg_cut.10` or `nDCG@10`.
    public init?(_ name: String) {
        let lowered = name.lowercased()
        switch lowered {
        case "map", "ap": self = .map
        case "recip_rank", "mrr", "rr": self = .recipRank
        case "ndcg": self = .ndcg
        case "rprec", "r-prec", "r-precision": self = .rPrecision
        case "bpref": self = .bpref
        default:
            guard let separator = lowered.lastIndex(where: { "@_.".contains($0) }),
                let cutoff = Int(lowered[lowered.index(after: separator)...]), cutoff > 0
            else { return nil }
            switch lowered[..<separator] {
            case "mrr", "rr", "recip_rank", "recip_rank_cut": self = .recipRankCut(cutoff)
            case "ndcg", "ndcg_cut": self = .ndcgCut(cutoff)
            case "recall", "r": self = .recall(cutoff)
            case "p", "precision": self = .precision(cutoff)
            case "hits", "hit": self = .hits(cutoff)
            case "success": self = .success(cutoff)
            case "judged": self = .judged(cutoff)
            case let name:
                guard let other = CutoffMeasure.named(name) else { return nil }
                self = .other(other, cutoff)
            }
        }
    }
}
