import Corpora
import Memory

/// Vectors that somebody else's encoder made, of passages or of queries: of images, of another text encoder.
///
/// They are scaled to length one when they are taken, so that inner products are cosines, as for genret's own.
public struct ImportedVectors: Sendable {
    /// The most numbers that a vector may have, which is what an index can hold.
    static let widest = 1 << 16

    public let path: String
    /// The number of vectors.
    public let count: Int
    /// The length of a vector.
    public let dimension: Int
    /// As in the file, [count × dimension]: every row is finite and not all zeros.
    private let values: FrozenArray<Float>
    /// The row of each id; nil where rows are in the order of what they belong to.
    private let places: [Identifier: Int]?
    private let ids: [Identifier]

    /// Reads a file and checks every row; O(its numbers).
    ///
    /// - Parameter path: a file of one of the formats that there are, by its ending: `.npy`, `.safetensors`, where `:NAME` may follow,
    ///   or `.jsonl`.
    /// - Throws: ``VectorFileError``, `ModelError` or `CorpusError` where the file is damaged or another; `VectorFileError` names the
    ///   first row that is all zeros or not finite.
    public static func read(_ path: String) throws -> ImportedVectors {
        try ImportedVectors(VectorFormats.format(of: path).read(path), path: path)
    }

    init(_ contents: VectorFileContents, path: String) throws(VectorFileError) {
        self.path = path
        (count, dimension, values) = (contents.rows, contents.dimension, contents.values)
        ids = contents.ids ?? []
        places = contents.ids.map { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($1, $0) }) }
        let lengths = Parallel.map(count: count) { [values, dimension] row in
            Self.length(UnsafeBufferPointer(start: values.unsafeBase + row * dimension, count: dimension))
        }
        if let row = lengths.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw lengths[row] == 0 ? .zero(path: path, row: row) : .notFinite(path: path, row: row)
        }
    }

    /// In double precision, which squares of single numbers neither leave nor vanish in.
    private static func length(_ row: UnsafeBufferPointer<Float>) -> Double {
        row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    /// Whether every row has the id of what it belongs to.
    public var hasIDs: Bool { places != nil }

    /// The row of an id; nil where it has none, or rows have no ids.
    package func row(of id: Identifier) -> Int? { places?[id] }

    /// The id of a row, where rows have ids.
    package func id(of row: Int) -> Identifier { ids[row] }

    /// Writes a vector, scaled to length one.
    package func copy(_ row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        precondition((0..<count).contains(row) && target.count == dimension)
        let source = UnsafeBufferPointer(start: values.unsafeBase + row * dimension, count: dimension)
        let length = Self.length(source)
        for place in target.indices { target[place] = Float(Double(source[place]) / length) }
    }

    /// A vector, scaled to length one.
    public subscript(row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: dimension) { buffer, initialised in
            buffer.initialize(repeating: 0)
            copy(row, into: UnsafeMutableBufferPointer(rebasing: buffer[..<dimension]))
            initialised = dimension
        }
    }

    /// - Throws: ``VectorFileError/width(path:own:expected:index:)``.
    package func checkWidth(_ expected: Int, of index: String) throws(VectorFileError) {
        guard dimension == expected else {
            throw .width(path: path, own: dimension, expected: expected, index: index)
        }
    }
}
