import Memory
import Tensors

/// Vectors as a search compares them: of a byte or half a byte a component.
package enum CodedRows: Sendable {
    case bytes(ByteRows)
    case nibbles(NibbleRows)

    /// The bits of a component.
    package enum Width: Int, Sendable, CaseIterable {
        case nibble = 4
        case byte = 8
    }

    /// Rounds vectors.
    ///
    /// - Parameter vector: writes the vector of a row; called on several threads.
    init(
        _ width: Width, count: Int, dimension: Int, threads: Int,
        vector: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        self =
            switch width {
            case .byte: .bytes(ByteRows(count: count, dimension: dimension, threads: threads, vector: vector))
            case .nibble: .nibbles(NibbleRows(count: count, dimension: dimension, threads: threads, vector: vector))
            }
    }

    package var count: Int {
        switch self {
        case .bytes(let rows): rows.count
        case .nibbles(let rows): rows.count
        }
    }

    package var dimension: Int {
        switch self {
        case .bytes(let rows): rows.dimension
        case .nibbles(let rows): rows.dimension
        }
    }

    /// The inner product of a query and a row.
    package func product(_ query: CodedQuery, _ row: Int) -> Float {
        switch self {
        case .bytes(let rows): rows.product(query, row)
        case .nibbles(let rows): rows.product(query, row)
        }
    }

    /// The inner products of a query and neighbouring rows.
    package func products(_ query: CodedQuery, _ rows: Range<Int>) -> [Float] {
        switch self {
        case .bytes(let all): all.products(query, rows)
        case .nibbles(let all): all.products(query, rows)
        }
    }

    /// The inner products of a query and some rows.
    package func products(_ query: CodedQuery, at rows: [UInt32]) -> [Float] {
        switch self {
        case .bytes(let all): all.products(query, at: rows)
        case .nibbles(let all): all.products(query, at: rows)
        }
    }

    /// Writes a vector as its codes give it.
    package func copy(_ row: Int, into vector: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .bytes(let rows): rows.copy(row, into: vector)
        case .nibbles(let rows): rows.copy(row, into: vector)
        }
    }
}
