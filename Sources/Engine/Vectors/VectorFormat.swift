import Corpora
import Memory

/// A format of files of vectors: a file with one of these and a place in ``VectorFormats/all`` are all that a new one takes.
protocol VectorFormat: Sendable {
    /// What its files' names end in, such as ".npy".
    static var endings: [String] { get }

    /// Reads a file whole.
    ///
    /// - Throws: ``VectorFileError``, or what the reader of the format throws, where the file is damaged or another.
    static func read(_ path: String) throws -> VectorFileContents
}

/// Vectors as they stand in a file: neither checked nor of length one.
struct VectorFileContents: Sendable {
    var rows: Int
    var dimension: Int
    /// [rows × dimension].
    var values: FrozenArray<Float>
    /// One for each row, all different; nil where rows are in an order that the reader knows.
    var ids: [Identifier]?
}

/// The formats that there are.
enum VectorFormats {
    static let all: [any VectorFormat.Type] = [NpyVectors.self, SafetensorsVectors.self, LineVectors.self]

    /// The format of a file, by its name.
    ///
    /// - Throws: ``VectorFileError/unknownEnding(path:known:)``.
    static func format(of path: String) throws(VectorFileError) -> any VectorFormat.Type {
        // What stands behind a colon names a tensor.
        let name = SafetensorsVectors.split(path).file
        guard let format = all.first(where: { $0.endings.contains { name.hasSuffix($0) } }) else {
            throw .unknownEnding(path: path, known: all.flatMap { $0.endings })
        }
        return format
    }
}
