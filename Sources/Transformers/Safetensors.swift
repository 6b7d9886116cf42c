import Foundation
import Memory
import Storage

/// A memory-mapped file of named tensors (https://github.com/huggingface/safetensors).
///
/// The file is a 64-bit length, a JSON header of that length, and the tensors' bytes. The header
/// is checked in full when the file is opened, so that reading a tensor cannot leave the file.
public struct Safetensors: Sendable {
    /// How a tensor's elements are stored; other types are listed but cannot be read.
    public enum ElementType: String, Sendable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case float64 = "F64"
        case int8 = "I8"
        case uint8 = "U8"
        case int16 = "I16"
        case int32 = "I32"
        case int64 = "I64"
        case bool = "BOOL"

        var byteCount: Int {
            switch self {
            case .int8, .uint8, .bool: 1
            case .float16, .bfloat16, .int16: 2
            case .float32, .int32: 4
            case .float64, .int64: 8
            }
        }
    }

    /// One tensor of the file.
    package struct Entry: Sendable {
        package let name: String
        package let type: ElementType
        package let shape: [Int]
        /// Where its bytes lie in the file.
        let range: Range<Int>

        package var elementCount: Int { shape.reduce(1, *) }
    }

    package let path: String
    package let entries: [Entry]
    /// Strings beside the tensors, under names.
    package let metadata: [String: String]
    let bytes: FrozenArray<UInt8>
    private let index: [String: Int]

    /// Maps a file and checks its header.
    ///
    /// - Throws: ``ModelError`` when the file cannot be read or its header is inconsistent.
    package init(contentsOf url: URL) throws(ModelError) {
        try self.init(bytes: ModelFile.map(url), path: url.path)
    }

    /// Checks the header of a file that is already in memory.
    package init(bytes: FrozenArray<UInt8>, path: String) throws(ModelError) {
        self.bytes = bytes
        self.path = path
        (entries, metadata) = try SafetensorsHeader(bytes: bytes, path: path).contents()
        index = Dictionary(
            entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tensor with this name.
    package func entry(_ name: String) -> Entry? {
        index[name].map { entries[$0] }
    }

    /// The elements of a tensor as single-precision numbers.
    ///
    /// Aligned F32 tensors are read in place; F16 and BF16 are converted.
    ///
    /// - Throws: ``ModelError`` when there is no such tensor, or its shape or type is another.
    package func floats(_ name: String, shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        guard let entry = entry(name) else {
            throw .malformed(path: path, reason: "there is no tensor \(name)")
        }
        guard entry.shape == shape else {
            throw .malformed(
                path: path,
                reason: "the tensor \(name) has the shape \(entry.shape); expected \(shape)")
        }
        let raw = bytes.slice(entry.range)
        switch entry.type {
        case .float32:
            return raw.elements(of: Float.self) ?? raw.aligned(to: Float.self)
        case .float16:
            return HalfPrecision.floats(raw)
        case .bfloat16:
            return HalfPrecision.floats(brain: raw)
        default:
            throw .unsupported(
                path: path,
                reason: "the tensor \(name) has the type \(entry.type.rawValue); expected F32, F16 or BF16")
        }
    }

    /// The elements of a tensor of integers, stored as I32 or I64.
    ///
    /// - Throws: ``ModelError`` when there is no such tensor, its type is another, or a number does not fit 32
    ///   bits.
    package func integers(_ name: String) throws(ModelError) -> [Int32] {
        guard let entry = entry(name) else {
            throw .malformed(path: path, reason: "there is no tensor \(name)")
        }
        let raw = bytes.slice(entry.range)
        switch entry.type {
        case .int32:
            return raw.aligned(to: Int32.self).toArray()
        case .int64:
            let wide = raw.aligned(to: Int64.self).toArray()
            let narrow = wide.compactMap { Int32(exactly: $0) }
            guard narrow.count == wide.count else {
                throw .malformed(path: path, reason: "the tensor \(name) holds a number that is too large")
            }
            return narrow
        default:
            throw .unsupported(
                path: path,
                reason: "the tensor \(name) has the type \(entry.type.rawValue); expected I32 or I64")
        }
    }
}

extension FrozenArray where Element == UInt8 {
    /// Copies little-endian elements that lie at an odd place.
    func aligned<T: BitwiseCopyable & Sendable>(to type: T.Type) -> FrozenArray<T> {
        let size = MemoryLayout<T>.stride
        return FrozenArray<T>(count: count / size) { output in
            withUnsafeBuffer { input in
                let whole = UnsafeRawBufferPointer(input)[..<(count / size * size)]
                UnsafeMutableRawBufferPointer(output).copyMemory(from: UnsafeRawBufferPointer(rebasing: whole))
            }
        }
    }
}
