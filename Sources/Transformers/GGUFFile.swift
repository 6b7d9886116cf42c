import Foundation
import Memory

/// A memory-mapped GGUF file, versions 2 and 3, little-endian: metadata and named tensors
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
///
/// Everything before the tensors' bytes is read and checked when the file is opened, so that
/// reading a tensor cannot leave the file.
struct GGUFFile: Sendable {
    /// One tensor of the file.
    struct Entry: Sendable {
        let name: String
        let type: GGUFTensorType
        /// Row-major, outermost first: the reverse of the file's own order.
        let shape: [Int]
        /// Where its bytes lie in the file.
        let range: Range<Int>
    }

    let path: String
    let metadata: [String: GGUFValue]
    let entries: [Entry]
    let bytes: FrozenArray<UInt8>
    private let index: [String: Int]

    private static let mostPairs = 1 << 16
    private static let mostTensors = 1 << 17

    init(contentsOf url: URL) throws(ModelError) {
        try self.init(bytes: ModelFile.map(url), path: url.path)
    }

    /// Checks a file that is already in memory.
    ///
    /// - Throws: ``ModelError`` when it is damaged, of another version, or has a tensor of a type
    ///   that is not read.
    init(bytes: FrozenArray<UInt8>, path: String) throws(ModelError) {
        self.bytes = bytes
        self.path = path
        var cursor = ByteCursor(bytes: bytes, path: path)
        guard bytes.starts(with: Array("GGUF".utf8)) else { throw cursor.fault("not a GGUF file") }
        _ = try cursor.integer(UInt32.self)
        let version = try cursor.integer(UInt32.self)
        guard version == 2 || version == 3 else {
            let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
            throw .unsupported(
                path: path,
                reason: isSwapped
                    ? "big-endian GGUF is not read" : "GGUF version \(version); expected 2 or 3")
        }
        // A tensor's description takes 24 bytes, a pair 13, with the shortest of names.
        let tensorCount = try cursor.count(of: 24, upTo: GGUFFile.mostTensors, "tensors")
        let pairCount = try cursor.count(of: 13, upTo: GGUFFile.mostPairs, "pairs of metadata")
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<pairCount {
            let key = try cursor.string()
            guard metadata.updateValue(try cursor.value(), forKey: key) == nil else {
                throw cursor.fault("\(key) is there twice")
            }
        }
        self.metadata = metadata
        entries = try GGUFTensorTable(cursor: cursor, metadata: metadata).entries(count: tensorCount)
        index = Dictionary(
            entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func entry(_ name: String) -> Entry? {
        index[name].map { entries[$0] }
    }

    /// The elements of a tensor, row after row; aligned F32 stays in the file.
    func floats(_ entry: Entry) -> FrozenArray<Float> {
        let raw = bytes.slice(entry.range)
        switch entry.type {
        case .float32: return raw.elements(of: Float.self) ?? raw.aligned(to: Float.self)
        case .float16: return HalfPrecision.floats(raw)
        case .bfloat16: return HalfPrecision.floats(brain: raw)
        default: return GGUFBlocks.floats(raw, entry.type)
        }
    }
}
