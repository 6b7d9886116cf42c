/// What a word after `-m` asks for: one measure, one with several cutoffs, or a group.
///
/// trec_eval's forms are understood: `map`, `P.5,10`, `ndcg_cut` with its usual cutoffs, and the names of
/// groups, `official` and `all_trec`, of which the measures that there are here are taken.
public struct MeasureList: Sendable, Hashable {
    public let measures: [Measure]
    /// trec_eval's measures of the group that there are not here.
    public let absent: [String]

    private static let cutoffs = [5, 10, 15, 20, 30, 100, 200, 500, 1000]

    /// Nil where nothing has the name.
    public init?(_ word: String) {
        let lowered = word.lowercased()
        if let group = Self.group(lowered) {
            self = group
        } else if let measures = Self.usual(lowered) {
            self.init(measures)
        } else {
            guard let separator = lowered.firstIndex(of: ","),
                let dot = lowered[..<separator].lastIndex(where: { "@_.".contains($0) })
            else {
                guard let measure = Measure(word) else { return nil }
                self.init([measure])
                return
            }
            let name = lowered[...dot]
            let parts = lowered[lowered.index(after: dot)...].split(separator: ",", omittingEmptySubsequences: false)
            let measures = parts.map { Measure(String(name + $0)) }
            guard !measures.contains(nil) else { return nil }
            self.init(measures.compactMap { $0 })
        }
    }

    private init(_ measures: [Measure], absent: [String] = []) {
        self.measures = measures
        self.absent = absent
    }

    /// A name that has cutoffs, without any: trec_eval's default.
    private static func usual(_ name: String) -> [Measure]? {
        switch name {
        case "p", "precision": cutoffs.map { .precision($0) }
        case "recall": cutoffs.map { .recall($0) }
        case "ndcg_cut": cutoffs.map { .ndcgCut($0) }
        case "success": [1, 5, 10].map { .success($0) }
        default: nil
        }
    }

    private static func group(_ name: String) -> MeasureList? {
        switch name {
        case "official":
            MeasureList(
                [.map, .rPrecision, .bpref, .recipRank] + cutoffs.map { .precision($0) },
                absent: ["num_ret", "num_rel", "num_rel_ret", "gm_map", "iprec_at_recall"])
        case "all_trec":
            MeasureList(
                [.map, .rPrecision, .bpref, .recipRank] + cutoffs.map { .precision($0) }
                    + cutoffs.map { .recall($0) } + [.ndcg] + [1, 5, 10].map { .success($0) }
                    + cutoffs.map { .ndcgCut($0) },
                absent: [
                    "num_ret", "num_rel", "num_rel_ret", "gm_map", "iprec_at_recall", "relstring", "unj",
                    "rbp", "rbp_resid", "infAP", "gm_bpref", "utility", "11pt_avg", "relative_P",
                    "Rprec_mult", "map_cut", "ndcg_rel", "Rndcg", "binG", "G", "set_P", "set_recall",
                    "set_relative_P", "set_map", "set_F", "num_nonrel_judged_ret",
                ])
        case "all", "standard": MeasureList(Measure.standard)
        default: nil
        }
    }

    /// The names that can be asked for, for messages.
    public static let names =
        [
            "map", "recip_rank", "ndcg", "Rprec", "bpref", "ndcg_cut_K", "recall_K", "P_K", "success_K", "MRR@K",
            "Hits@K", "judged@K",
        ] + CutoffMeasure.all.map { $0.prefix + "K" } + ["official", "all_trec"]
}
