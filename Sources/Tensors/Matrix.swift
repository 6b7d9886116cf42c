/// A row-major matrix of single-precision numbers that owns its memory.
public struct Matrix: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// The elements, row after row.
    public private(set) var values: [Float]

    /// A matrix of zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
        self.rows = rows
        self.columns = columns
        values = [Float](repeating: 0, count: rows * columns)
    }

    /// A matrix of given elements, row after row.
    public init(rows: Int, columns: Int, values: [Float]) {
        precondition(rows >= 0 && columns >= 0 && values.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    @inlinable
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(column >= 0 && column < columns)
            return values[row * columns + column]
        }
        set {
            precondition(column >= 0 && column < columns)
            setValue(newValue, at: row * columns + column)
        }
    }

    @usableFromInline
    mutating func setValue(_ value: Float, at index: Int) {
        values[index] = value
    }

    /// One row: a view that shares the matrix's memory.
    public func row(_ index: Int) -> ArraySlice<Float> {
        values[index * columns..<(index + 1) * columns]
    }

    /// The elements, valid only during `body`.
    public func withUnsafeBuffer<R, E: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        try values.withUnsafeBufferPointer(body)
    }

    /// The elements for writing, valid only during `body`.
    public mutating func withUnsafeMutableBuffer<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        try values.withUnsafeMutableBufferPointer { buffer throws(E) in try body(buffer) }
    }
}
