/// The rows of a matrix under construction, each written by the one thread that works on it.
public struct SharedRows: @unchecked Sendable {
    // Unchecked because of the pointer; the caller gives every row to one thread only.
    private let base: UnsafeMutableBufferPointer<Float>
    public let columns: Int

    /// Wraps a buffer of whole rows, which must outlive the value.
    public init(_ base: UnsafeMutableBufferPointer<Float>, columns: Int) {
        precondition(columns > 0 && base.count % columns == 0)
        self.base = base
        self.columns = columns
    }

    public var count: Int { base.count / columns }

    /// One row.
    public subscript(row: Int) -> UnsafeMutableBufferPointer<Float> {
        precondition(row >= 0 && row < count, "row out of range")
        return UnsafeMutableBufferPointer(rebasing: base[row * columns..<(row + 1) * columns])
    }

    /// Consecutive rows.
    public subscript(rows: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows out of range")
        return UnsafeMutableBufferPointer(
            rebasing: base[rows.lowerBound * columns..<rows.upperBound * columns])
    }
}
