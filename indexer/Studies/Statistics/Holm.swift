/// Holm's step-down correction: p values of a family of tests, adjusted so that the chance of any false finding stays
/// at the level at which they are read.
package enum Holm {
    /// The adjusted values, in the order of the given ones; each at most 1.
    ///
    /// - Complexity: O(n log n).
    package static func adjusted(_ values: [Double]) -> [Double] {
        var adjusted = values
        var highest = 0.0
        for (rank, index) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }).enumerated() {
            highest = max(highest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = highest
        }
        return adjusted
    }
}
