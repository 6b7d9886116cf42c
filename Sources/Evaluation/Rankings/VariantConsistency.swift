import Corpora

/// Whether a system answers forms of the same query alike: paraphrases, misspellings, languages.
public struct VariantConsistency: Sendable, Hashable {
    /// Groups with two forms or more, and the forms in them.
    public let groupCount: Int
    public let variantCount: Int
    /// Forms for which the run has no list: their target is not found, and they share nothing with others.
    public let withoutList: Int
    /// The mean of the groups' mean rank-biased overlap over all pairs of their forms; nil without a group.
    public let overlap: Double?
    /// Mean rank variance (``init(_:groups:qrels:level:cap:persistence:)``); nil without judgements.
    public let rankVariance: Double?
    /// The same with ranks beyond ``cap`` counted as it.
    public let cappedRankVariance: Double?
    public let cap: Int
    /// Judged forms whose target is not in their list.
    public let unfound: Int

    /// Of a run whose queries are forms of fewer.
    ///
    /// Mean rank variance (Nie et al. 2024) is `MRV = 1/(N·K) Σ_j Σ_k (rank(j,k) − mean_k rank(j,k))²` over N groups of K forms each; here
    /// groups may differ in size, and N·K is the number of forms. The rank is that of the first relevant passage. Where there
    /// is none in the list, it is one more than the run's longest list has passages. Lower is more alike. Forms
    /// without a relevant passage in the judgements are left out of it, and so are groups of which fewer than two remain.
    ///
    /// - Parameters:
    ///   - qrels: nil: only the overlap is computed.
    ///   - level: the least grade that counts as relevant.
    ///   - cap: ranks beyond count as this one; at least 1.
    /// - Complexity: O(passages × (log passages + forms of a group)).
    public init(
        _ run: TRECRun, groups: QueryGroups, qrels: Qrels? = nil, level: Int = 1, cap: Int = 100,
        persistence: Double = 0.9
    ) {
        let several = groups.groups.map(\.queries).filter { $0.count > 1 }
        let longest = run.results.values.map(\.count).max() ?? 0
        var overlaps: [Double] = []
        var ranks: [[Int]] = []
        var unfound = 0
        for queries in several {
            let lists = queries.map { run.ranking(of: $0) }
            let pairs = lists.indices.flatMap { second in (0..<second).map { ($0, second) } }
            let all = pairs.map {
                RankBiasedOverlap(lists[$0], lists[$1], persistence: persistence).extrapolated
            }
            overlaps.append(all.reduce(0, +) / Double(all.count))
            let judged = zip(queries, lists).compactMap { query, list -> Int?? in
                let grades = qrels?.judgements[query] ?? [:]
                guard grades.values.contains(where: { $0 >= level }) else { return nil }
                return .some(list.firstIndex { grades[$0].map { $0 >= level } ?? false })
            }
            guard judged.count > 1 else { continue }
            unfound += judged.count { $0 == nil }
            ranks.append(judged.map { $0.map { $0 + 1 } ?? longest + 1 })
        }
        groupCount = several.count
        variantCount = several.reduce(0) { $0 + $1.count }
        withoutList = several.joined().count { run.results[$0] == nil }
        overlap = overlaps.isEmpty ? nil : overlaps.reduce(0, +) / Double(overlaps.count)
        rankVariance = Self.meanVariance(ranks)
        cappedRankVariance = Self.meanVariance(ranks.map { $0.map { min($0, cap) } })
        self.cap = cap
        self.unfound = unfound
    }

    private static func meanVariance(_ groups: [[Int]]) -> Double? {
        let count = groups.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        let squares = groups.reduce(0.0) { sum, ranks in
            let mean = Double(ranks.reduce(0, +)) / Double(ranks.count)
            return ranks.reduce(sum) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        }
        return squares / Double(count)
    }

    package var figures: [Figure] {
        [Figure("MRV", rankVariance), Figure("MRV@\(cap)", cappedRankVariance), Figure("variant_rbo", overlap)]
            + [("groups", groupCount), ("variants", variantCount), ("unfound", unfound)].map { Figure($0, count: $1) }
    }
}
