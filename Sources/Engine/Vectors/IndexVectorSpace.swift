import IndexStore
import Transformers

/// The space in which an index's passages and its queries are compared: that of its encoder, or that of imported vectors, which only
/// a query's own vector is in.
package struct IndexVectorSpace: LoadedOnce {
    /// The length of a vector.
    package let dimension: Int
    /// Whether queries get their vectors as passages do, and not from an encoder of their own.
    package let isShared: Bool
    private let isImported: Bool

    /// - Throws: why queries have no vectors.
    package init(loading index: IndexReader) throws {
        if let imported = index.manifest.vectors {
            (dimension, isShared, isImported) = (imported.dimension, true, true)
        } else {
            let encoder = try index.value(IndexQueryEncoder.self)
            (dimension, isShared, isImported) = (encoder.encoder.dimension, encoder.isShared, false)
        }
    }

    /// What is wrong with an index whose vectors have another length.
    var mismatch: String {
        isImported
            ? "its vectors are not of the length that they were imported with"
            : "its vectors are not of its encoder's length"
    }
}

extension IndexReader {
    /// A query's own vector, scaled to length one.
    ///
    /// - Throws: ``EngineError/vectorsNotImported(index:)``, ``EngineError/vectorOfOtherLength(index:given:expected:)`` or
    ///   ``EngineError/vectorWithoutDirection``.
    func unit(_ vector: [Float]) throws(EngineError) -> [Float] {
        guard let imported = manifest.vectors else { throw .vectorsNotImported(index: path) }
        guard vector.count == imported.dimension else {
            throw .vectorOfOtherLength(index: path, given: vector.count, expected: imported.dimension)
        }
        // Squares of single numbers neither leave double precision nor vanish in it.
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else { throw .vectorWithoutDirection }
        return vector.map { Float(Double($0) / length) }
    }
}
