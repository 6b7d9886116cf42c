import Docids
import Memory
import Storage
import Tensors

/// The dense vectors of a segment's passages, which have the segment's numbers here: exact, or coded in the order of the docid
/// tree's leaves.
package struct DenseIndex: Sendable {
    package static let fileKind = "dense-vectors"

    private enum Form: Sendable {
        /// Row-major [count × dimension].
        case exact(FrozenArray<Float>)
        case coded(LeafCodes)
    }

    private let form: Form
    /// The number of passages.
    package let count: Int
    /// The length of a vector.
    package let dimension: Int
    /// The passages whose vectors are the encoder's own, the others' are static; nil where all are.
    package private(set) var encoded: PlaceSet?

    /// Wraps row-major vectors of length one.
    package init(vectors: FrozenArray<Float>, dimension: Int, encoded: PlaceSet? = nil) {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        form = .exact(vectors)
        self.dimension = dimension
        count = vectors.count / dimension
        self.encoded = Self.some(encoded, of: count)
    }

    package init(codes: LeafCodes, encoded: PlaceSet? = nil) {
        form = .coded(codes)
        (count, dimension) = (codes.count, codes.dimension)
        self.encoded = Self.some(encoded, of: count)
    }

    /// Nil for all.
    private static func some(_ encoded: PlaceSet?, of count: Int) -> PlaceSet? {
        encoded.flatMap { $0.count < count ? $0 : nil }
    }

    /// Whether a passage's vector is the encoder's own.
    package func isEncoded(_ local: Int32) -> Bool { encoded?.contains(Int(local)) ?? true }

    /// How many vectors are the encoder's own.
    package var encodedCount: Int { encoded?.count ?? count }

    /// Maps a file of vectors.
    ///
    /// - Throws: ``StorageError`` or `DocidError` when the parts are damaged or do not fit together.
    package init(_ container: Container) throws {
        guard container.contains("dense.header") else {
            let codes = try LeafCodes(container.contains(LeafCodes.nibbleSection) ? .nibble : .byte) {
                try container.bytes($0)
            }
            self.init(codes: codes, encoded: try Self.encoded(container, count: codes.count))
            return
        }
        let header = try container.section("dense.header", of: UInt64.self)
        let vectors = try container.section("dense.vectors", of: Float.self)
        guard header.count == 2, header[1] > 0, header[1] <= 1 << 16, header[0] <= UInt64(Int32.max),
            header[0] * header[1] == UInt64(vectors.count)
        else { throw StorageError.damaged(path: container.path, what: "the vectors do not fit their header") }
        self.init(
            vectors: vectors, dimension: Int(header[1]), encoded: try Self.encoded(container, count: Int(header[0])))
    }

    private static let encodedSection = "vectors.encoded"

    private static func encoded(_ container: Container, count: Int) throws(StorageError) -> PlaceSet? {
        guard container.contains(encodedSection) else { return nil }
        let words = try container.section(encodedSection, of: UInt64.self)
        guard words.count == (count + 63) / 64, count % 64 == 0 || words[words.count - 1] >> UInt64(count % 64) == 0
        else { throw .damaged(path: container.path, what: "it marks vectors that it does not have") }
        return PlaceSet(capacity: count) { target in for place in words.indices { target[place] = words[place] } }
    }

    /// Writes the file.
    package func write(to writer: ContainerWriter) throws(StorageError) {
        switch form {
        case .exact(let vectors):
            try writer.write("dense.header", [UInt64(count), UInt64(dimension)])
            try writer.write("dense.vectors", vectors)
        case .coded(let codes):
            for section in codes.sections() { try writer.write(section.name, section.bytes) }
        }
        if let encoded { try writer.write(Self.encodedSection, encoded.bits) }
        try writer.finish()
    }

    /// The codes; nil for exact vectors.
    package var codes: LeafCodes? {
        if case .coded(let codes) = form { codes } else { nil }
    }

    /// A query vector, ready to be compared.
    package func query(_ vector: [Float]) -> DenseQuery {
        precondition(vector.count == dimension)
        return switch form {
        case .exact(let vectors): .exact(.init(query: vector, vectors: vectors))
        case .coded(let codes): .coded(.init(codes: codes, query: codes.query(vector)))
        }
    }

    /// Writes a passage's vector.
    ///
    /// - Parameter local: the passage's number in the segment.
    package func copy(_ local: Int32, into vector: UnsafeMutableBufferPointer<Float>) {
        precondition(local >= 0 && Int(local) < count && vector.count == dimension)
        switch form {
        case .exact(let vectors):
            vector.baseAddress?.update(from: vectors.unsafeBase + Int(local) * dimension, count: dimension)
        case .coded(let codes): codes.copy(local, into: vector)
        }
    }

    /// Calls `body` with the vectors of neighbouring passages, [passages × dimension]; coded ones are worked out.
    package func withVectors<Result>(_ passages: Range<Int>, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        precondition(passages.lowerBound >= 0 && passages.upperBound <= count)
        if case .exact(let vectors) = form { return body(vectors.unsafeBase + passages.lowerBound * dimension) }
        let part = FrozenArray<Float>(count: passages.count * dimension) { buffer in
            for (row, passage) in passages.enumerated() {
                copy(
                    Int32(passage),
                    into: UnsafeMutableBufferPointer(rebasing: buffer[row * dimension..<(row + 1) * dimension]))
            }
        }
        return body(part.unsafeBase)
    }

    /// All vectors in the order of the passages, [count × dimension]; coded ones are worked out.
    package func floats(threads: Int = Parallel.cores) -> FrozenArray<Float> {
        guard case .exact(let vectors) = form else {
            let (count, dimension) = (count, dimension)
            return FrozenArray(count: count * dimension) { buffer in
                let rows = SharedRows(buffer, columns: dimension)
                Parallel.forEach(count: count, threads: threads) { copy(Int32($0), into: rows[$0]) }
            }
        }
        return vectors
    }
}
