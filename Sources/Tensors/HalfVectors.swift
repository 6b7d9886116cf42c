import CKernels
import Memory

/// Vectors in 16-bit floating point (IEEE binary16), row after row: half the bytes of single precision
/// for a relative error of at most 2⁻¹¹ an element.
public struct HalfVectors: Sendable {
    /// The length of a vector.
    public let dimension: Int
    /// The elements' bits, [count × dimension].
    public let bits: FrozenArray<UInt16>

    /// The number of vectors.
    public var count: Int { bits.count / dimension }

    /// Vectors whose bits are at hand.
    public init(bits: FrozenArray<UInt16>, dimension: Int) {
        precondition(dimension > 0 && bits.count % dimension == 0)
        self.bits = bits
        self.dimension = dimension
    }

    /// Rounds single-precision vectors, ties to even.
    public init(rounding vectors: FrozenArray<Float>, dimension: Int) {
        self.init(
            bits: FrozenArray(count: vectors.count) { bits in
                vectors.withUnsafeBuffer { ck_narrow($0.baseAddress, $0.count, bits.baseAddress) }
            }, dimension: dimension)
    }

    /// The inner product of a vector with one of these; O(dimension).
    @inline(__always)
    public func product(_ x: UnsafePointer<Float>, _ row: Int) -> Float {
        ck_dot_half(x, bits.unsafeBase + row * dimension, dimension)
    }

    /// The inner products of a vector [dimension] with all of these; O(count × dimension).
    public func products(_ x: [Float]) -> [Float] {
        precondition(x.count == dimension)
        let count = count
        return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
            x.withUnsafeBufferPointer { x in
                guard let x = x.baseAddress else { return }
                for row in 0..<count { scores[row] = product(x, row) }
            }
            initialized = count
        }
    }

    /// The vectors in single precision, [count × dimension].
    public func floats() -> FrozenArray<Float> {
        FrozenArray(count: bits.count) { output in
            bits.withUnsafeBuffer { ck_widen($0.baseAddress, $0.count, output.baseAddress) }
        }
    }
}
