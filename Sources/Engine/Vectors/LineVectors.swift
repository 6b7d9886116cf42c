import Corpora
import Memory

/// JSON lines with an id and a vector each, compressed or not.
enum LineVectors: VectorFormat {
    static let endings = [".jsonl", ".jsonl.gz", ".jsonl.zst"]

    static func read(_ path: String) throws -> VectorFileContents {
        let lines = try VectorLines(path: path)
        guard !lines.ids.isEmpty else { throw VectorFileError.malformed(path: path, reason: "it holds no vectors") }
        guard lines.dimension <= ImportedVectors.widest else {
            throw VectorFileError.unsupported(path: path, reason: "vectors of \(lines.dimension) numbers are too long")
        }
        return VectorFileContents(
            rows: lines.ids.count, dimension: lines.dimension, values: FrozenArray(lines.values), ids: lines.ids)
    }
}
