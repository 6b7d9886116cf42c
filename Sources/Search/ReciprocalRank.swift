/// The reciprocal rank of the first relevant passage among the first ten of a list; 0 where there is none.
public enum ReciprocalRank {
    public static func at10(_ passages: [ScoredPassage], isRelevant: (PassageIndex) -> Bool) -> Double {
        passages.prefix(10).firstIndex { isRelevant($0.passage) }.map { 1 / Double($0 + 1) } ?? 0
    }
}
