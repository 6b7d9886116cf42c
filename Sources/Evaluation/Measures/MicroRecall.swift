extension CutoffMeasure {
    /// Relevant passages found for all queries together, over all their relevant passages: T2Ranking's recall.
    ///
    /// A query with many relevant passages counts more than one with few; in `recall_50` all count the same. The value of
    /// one query is its plain recall.
    public static let microRecall = CutoffMeasure("micro_recall_", averaging: .relevantPassages) { list, cutoff in
        list.relevantCount > 0 ? Double(list.found(cutoff)) / Double(list.relevantCount) : 0
    }
}
