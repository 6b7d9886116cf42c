import Memory
import Storage
import Tensors

extension StaticEncoder {
    package static let fileKind = "static-encoder"

    /// Reads a file.
    ///
    /// - Throws: `StorageError` where its parts are damaged or do not fit together.
    package init(_ container: Container) throws(StorageError) {
        let sizes = try container.section("static.sizes", of: UInt64.self)
        guard sizes.count == 3, (1...1 << 16).contains(sizes[2]), sizes[1] <= sizes[0], sizes[0] <= 1 << 24 else {
            throw .damaged(path: container.path, what: "impossible sizes of a static encoder")
        }
        let (vocabulary, count, dimension) = (Int(sizes[0]), Int(sizes[1]), Int(sizes[2]))
        let rows = try container.section("static.rows", of: Int32.self)
        let weights = try container.section("static.weights", of: Float.self)
        let scales = try container.section("static.scales", of: Float.self)
        let codes = try container.section("static.codes", of: Int8.self)
        let mean = try container.section("static.mean", of: Float.self)
        guard rows.count == vocabulary, weights.count == count, scales.count == count,
            codes.count == count * dimension, mean.count == dimension,
            rows.withUnsafeBuffer({ $0.allSatisfy { $0 >= -1 && Int($0) < count } }),
            weights.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }),
            scales.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }),
            mean.withUnsafeBuffer({ $0.allSatisfy(\.isFinite) })
        else { throw .damaged(path: container.path, what: "the parts of a static encoder do not fit together") }
        self.init(
            rows: rows, weights: weights, table: ByteRows(dimension: dimension, scales: scales, codes: codes),
            mean: mean)
    }

    /// Writes the file.
    package func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write("static.sizes", [UInt64(rows.count), UInt64(table.count), UInt64(dimension)])
        try writer.write("static.rows", rows)
        try writer.write("static.weights", weights)
        try writer.write("static.scales", table.scales)
        try writer.write("static.mean", mean)
        try writer.write("static.codes", table.codes)
        try writer.finish()
    }
}
