/// The rank correlation τ_AP, which weighs differences among the best more (Yilmaz, Aslam and Robertson 2008).
public enum TauAP {
    /// τ_AP = 2/(n − 1) · Σ_{i = 2…n} C(i)/(i − 1) − 1, where C(i) counts the items above rank i of the estimate that the
    /// reference, too, puts above the item of that rank.
    ///
    /// 1 for equal orders, −1 for opposite ones. It is not symmetric. Items with equal scores are ordered by their place
    /// in the lists.
    ///
    /// - Parameters: a score for each item in both, in the same order of items; higher is better.
    /// - Returns: nil with fewer than two items.
    /// - Precondition: both have the same count.
    /// - Complexity: O(n²).
    public static func value(reference: [Double], estimate: [Double]) -> Double? {
        precondition(reference.count == estimate.count, "both lists are about the same items")
        let count = reference.count
        guard count > 1 else { return nil }
        var rank = [Int](repeating: 0, count: count)
        for (place, item) in order(of: reference).enumerated() { rank[item] = place }
        let estimated = order(of: estimate)
        let sum = (1..<count).reduce(0.0) { sum, place in
            let above = estimated[..<place].count { rank[$0] < rank[estimated[place]] }
            return sum + Double(above) / Double(place)
        }
        return 2 / Double(count - 1) * sum - 1
    }

    /// The items from the best to the worst.
    private static func order(of scores: [Double]) -> [Int] {
        scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    }
}
