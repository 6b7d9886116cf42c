import Evaluation
import RealModule

/// What a query is worth whose one relevant passage stands at a rank.
package struct RankGain: Sendable, Hashable {
    package let measure: Measure
    /// Ranks beyond are worth nothing; nil where every rank is worth something.
    package let cutoff: Int?

    /// Nil for measures that do not follow from the rank of the best relevant passage.
    package init?(_ measure: Measure) {
        self.measure = measure
        switch measure {
        case .hits(let cutoff), .success(let cutoff), .recall(let cutoff), .recipRankCut(let cutoff),
            .ndcgCut(let cutoff), .precision(let cutoff):
            self.cutoff = cutoff
        case .recipRank, .ndcg, .map: cutoff = nil
        case .judged, .rPrecision, .bpref, .other: return nil
        }
    }

    /// Whether it follows from the best rank for any number of relevant passages, not only for one.
    package var needsOneRelevant: Bool {
        switch measure {
        case .hits, .success, .recipRank, .recipRankCut: false
        default: true
        }
    }

    /// Whether all ranks up to the cutoff are worth the same.
    package var isFlat: Bool {
        switch measure {
        case .hits, .success, .recall, .precision: true
        default: false
        }
    }

    /// The worth of a rank, which starts at 1.
    package func value(_ rank: Int) -> Double {
        if let cutoff, rank > cutoff { return 0 }
        switch measure {
        case .hits, .success, .recall: return 1
        case .precision(let cutoff): return 1 / Double(cutoff)
        case .recipRank, .recipRankCut, .map: return 1 / Double(rank)
        case .ndcg, .ndcgCut: return 1 / Double.log2(Double(rank) + 1)
        case .judged, .rPrecision, .bpref, .other: return 0
        }
    }
}
