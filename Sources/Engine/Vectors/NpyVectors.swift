import Foundation
import Memory
import Transformers

/// Files that `numpy.save` writes: two-dimensional arrays of float32, float16 or float64.
enum NpyVectors: VectorFormat {
    static let endings = [".npy"]

    static func read(_ path: String) throws -> VectorFileContents {
        let bytes: FrozenArray<UInt8>
        do {
            bytes = try MappedFile(path: path).bytes
        } catch {
            throw VectorFileError.unreadable(path: path, reason: String(cString: strerror(error.code)))
        }
        return try contents(bytes, path: path)
    }

    /// The vectors of a file that is in memory.
    static func contents(_ bytes: FrozenArray<UInt8>, path: String) throws(VectorFileError) -> VectorFileContents {
        let header = try NpyHeader(bytes, path: path)
        return VectorFileContents(
            rows: header.rows, dimension: header.columns,
            values: floats(bytes.slice(header.start..<bytes.count), header.element))
    }

    private static func floats(_ raw: FrozenArray<UInt8>, _ element: NpyHeader.Element) -> FrozenArray<Float> {
        switch element {
        case .float16: return HalfPrecision.floats(raw)
        case .float32: return raw.elements(of: Float.self) ?? copied(raw, as: Float.self) { $0 }
        // What single precision cannot hold becomes infinite, which is said with its row.
        case .float64: return copied(raw, as: Double.self) { Float($0) }
        }
    }

    /// Numbers that lie anywhere, each turned into a single one.
    private static func copied<Number: BitwiseCopyable & Sendable>(
        _ raw: FrozenArray<UInt8>, as type: Number.Type, _ convert: @Sendable (Number) -> Float
    ) -> FrozenArray<Float> {
        let size = MemoryLayout<Number>.size
        return FrozenArray(count: raw.count / size) { output in
            raw.withUnsafeBuffer { input in
                let input = UnsafeRawBufferPointer(input)
                for place in output.indices {
                    output[place] = convert(input.loadUnaligned(fromByteOffset: place * size, as: type))
                }
            }
        }
    }
}
