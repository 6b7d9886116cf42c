extension CutoffMeasure {
    /// nDCG as LitSearch's programs compute it (Ajith et al. 2024): the discount of rank r is 1/r, where it is 1/log₂(r + 1)
    /// elsewhere; a passage gains 1 or nothing; and the ideal list has all relevant passages, beyond the cutoff, too.
    static let reciprocalDiscount = CutoffMeasure("ndcg_reciprocal_") { list, cutoff in
        guard list.relevantCount > 0 else { return 0 }
        let gain = list.relevantRanks(cutoff).reduce(0.0) { $0 + 1 / Double($1) }
        return gain / (1...list.relevantCount).reduce(0.0) { $0 + 1 / Double($1) }
    }
}
