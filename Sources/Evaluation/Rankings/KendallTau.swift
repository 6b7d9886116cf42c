/// Kendall's rank correlation of two lists of numbers about the same items (Kendall 1938; τ_b: Kendall 1945).
///
/// A pair of items is concordant where both lists order it alike, and discordant where they order it the other way.
public struct KendallTau: Sendable, Hashable {
    /// Pairs of items, n(n − 1)/2.
    public let pairs: Int
    public let concordant: Int
    public let discordant: Int
    /// Pairs with equal numbers in the first list, whatever the second says of them.
    public let tiedInFirst: Int
    public let tiedInSecond: Int

    /// Counts pairs as Knight does (1966): sorted by the first list, the discordant pairs are the inversions of the second.
    ///
    /// - Parameters: `first` and `second` have a finite number for each item, in the same order of items.
    /// - Precondition: both have the same count.
    /// - Complexity: O(n log n).
    public init(_ first: [Double], _ second: [Double]) {
        precondition(first.count == second.count, "both lists are about the same items")
        let order = first.indices.sorted { (first[$0], second[$0]) < (first[$1], second[$1]) }
        pairs = Self.pairs(of: first.count)
        tiedInFirst = Self.tiedPairs(order) { first[$0] == first[$1] }
        let tiedInBoth = Self.tiedPairs(order) { first[$0] == first[$1] && second[$0] == second[$1] }
        var numbers = order.map { second[$0] }
        discordant = Self.sortCountingInversions(&numbers)
        tiedInSecond = Self.tiedPairs(Array(numbers.indices)) { numbers[$0] == numbers[$1] }
        concordant = pairs - tiedInFirst - tiedInSecond + tiedInBoth - discordant
    }

    /// τ_a = (C − D)/P: a tied pair counts as neither. Nil with fewer than two items.
    public var a: Double? { pairs > 0 ? Double(concordant - discordant) / Double(pairs) : nil }

    /// τ_b = (C − D)/√((P − T₁)(P − T₂)). Nil where all items of a list are tied.
    public var b: Double? {
        let product = Double(pairs - tiedInFirst) * Double(pairs - tiedInSecond)
        return product > 0 ? Double(concordant - discordant) / product.squareRoot() : nil
    }

    private static func pairs(of count: Int) -> Int { count * (count - 1) / 2 }

    /// The pairs within runs of neighbours that are equal.
    private static func tiedPairs(_ order: [Int], _ areEqual: (Int, Int) -> Bool) -> Int {
        var (tied, run) = (0, 1)
        for (earlier, later) in zip(order, order.dropFirst()) {
            run = areEqual(earlier, later) ? run + 1 : 1
            tied += run - 1
        }
        return tied
    }

    /// Merge sort from below; the number of pairs that stood in falling order.
    private static func sortCountingInversions(_ numbers: inout [Double]) -> Int {
        var inversions = 0
        var merged = numbers
        var width = 1
        while width < numbers.count {
            for start in stride(from: 0, to: numbers.count, by: 2 * width) {
                let middle = min(start + width, numbers.count)
                let end = min(start + 2 * width, numbers.count)
                var (left, right) = (start, middle)
                for place in start..<end {
                    if left < middle, right == end || numbers[left] <= numbers[right] {
                        merged[place] = numbers[left]
                        left += 1
                    } else {
                        merged[place] = numbers[right]
                        right += 1
                        inversions += middle - left
                    }
                }
            }
            swap(&numbers, &merged)
            width *= 2
        }
        return inversions
    }
}
