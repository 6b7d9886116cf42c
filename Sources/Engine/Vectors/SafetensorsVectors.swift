import Foundation
import Memory
import Transformers

/// Files of safetensors: the one two-dimensional tensor of F32, F16 or BF16 that a file holds, or the one that is named behind a colon,
/// as in `vectors.safetensors:images`.
enum SafetensorsVectors: VectorFormat {
    private static let ending = ".safetensors"
    static let endings = [ending]

    static func read(_ path: String) throws -> VectorFileContents {
        let (file, name) = split(path)
        let tensors = try Safetensors(contentsOf: URL(filePath: file))
        let known = tensors.entries.map(\.name)
        let entry = name.map { tensors.entry($0) } ?? (known.count == 1 ? tensors.entries[0] : nil)
        guard let entry else { throw VectorFileError.tensors(path: file, asked: name, known: known) }
        guard entry.shape.count == 2 else {
            throw VectorFileError.unsupported(
                path: file,
                reason:
                    "the tensor \(entry.name) has \(entry.shape.count) dimensions; expected 2, a row for each vector")
        }
        let (rows, columns) = (entry.shape[0], entry.shape[1])
        guard rows > 0, columns > 0 else {
            throw VectorFileError.unsupported(
                path: file, reason: "the tensor \(entry.name) of \(rows) × \(columns) numbers is empty")
        }
        guard columns <= ImportedVectors.widest, rows <= Int(Int32.max) else {
            throw VectorFileError.unsupported(
                path: file, reason: "the tensor \(entry.name) of \(rows) × \(columns) numbers is too large")
        }
        return VectorFileContents(
            rows: rows, dimension: columns, values: try tensors.floats(entry.name, shape: entry.shape))
    }

    /// A file, and the tensor that is named behind a colon.
    static func split(_ path: String) -> (file: String, tensor: String?) {
        // A file whose own name has the colon is meant itself.
        guard !FileManager.default.fileExists(atPath: path),
            let found = path.range(of: ending + ":", options: .backwards)
        else { return (path, nil) }
        let colon = path.index(before: found.upperBound)
        return (String(path[..<colon]), String(path[found.upperBound...]))
    }
}
