extension CutoffMeasure {
    /// The reciprocal rank of the first relevant passage, 0 beyond the cutoff; summed and divided by the number of queries in
    /// the run, whether they are judged or not: T2Ranking's MRR.
    ///
    /// `-c` does not change it: a query that the run lacks counts nowhere, one without judgements counts 0.
    public static let rankedReciprocalRank = CutoffMeasure("ranked_MRR@", averaging: .rankedQueries) { list, cutoff in
        list.reciprocalRank(cutoff: cutoff)
    }
}
