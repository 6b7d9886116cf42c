import Memory

/// Turns rows of quantised blocks into floats.
///
/// A block holds small integers and the scales that they are multiplied with. The layouts are
/// those of ggml (https://github.com/ggml-org/ggml, `ggml-common.h`); in all of them the low and
/// high halves of a byte belong to elements half a group apart.
enum GGUFBlocks {
    /// `raw` is a whole number of blocks; on every core.
    static func floats(_ raw: FrozenArray<UInt8>, _ type: GGUFTensorType) -> FrozenArray<Float> {
        let (size, length) = (type.blockSize, type.blockLength)
        let count = raw.count / size
        return FrozenArray(count: count * length) { output in
            raw.withUnsafeBuffer { input in
                guard let first = input.baseAddress, let start = output.baseAddress else { return }
                // Every part writes its own elements only.
                nonisolated(unsafe) let (source, target) = (first, start)
                func each(
                    _ body: @Sendable (UnsafePointer<UInt8>, UnsafeMutablePointer<Float>) -> Void
                ) {
                    Parallel.forEachRange(count: count, grain: 1 << 12) { range in
                        for block in range { body(source + block * size, target + block * length) }
                    }
                }
                switch type {
                case .q4_0: each(q4_0)
                case .q4_1: each(q4_1)
                case .q5_0: each(q5_0)
                case .q5_1: each(q5_1)
                case .q8_0: each(q8_0)
                case .q4_K: each(q4_K)
                case .q5_K: each(q5_K)
                case .q6_K: each(q6_K)
                case .float32, .float16, .bfloat16: preconditionFailure("not a type of blocks")
                }
            }
        }
    }

    @inline(__always)
    static func half(_ bytes: UnsafePointer<UInt8>) -> Float {
        HalfPrecision.float(UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
        UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
    }

    /// Scale, 16 bytes of four-bit numbers from -8.
    private static func q4_0(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let scale = half(block)
        let bytes = block + 2
        for i in 0..<16 {
            output[i] = Float(Int32(bytes[i] & 15) - 8) * scale
            output[i + 16] = Float(Int32(bytes[i] >> 4) - 8) * scale
        }
    }

    /// Scale, minimum, 16 bytes of four-bit numbers.
    private static func q4_1(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let (scale, least) = (half(block), half(block + 2))
        let bytes = block + 4
        for i in 0..<16 {
            output[i] = Float(Int32(bytes[i] & 15)) * scale + least
            output[i + 16] = Float(Int32(bytes[i] >> 4)) * scale + least
        }
    }

    /// Scale, the fifth bits of all elements, 16 bytes of their lower four; numbers from -16.
    private static func q5_0(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let (scale, fifth) = (half(block), word(block + 2))
        let bytes = block + 6
        for i in 0..<16 {
            let low = UInt32(bytes[i] & 15) | (fifth >> UInt32(i) & 1) << 4
            let high = UInt32(bytes[i] >> 4) | (fifth >> UInt32(i + 16) & 1) << 4
            output[i] = Float(Int32(low) - 16) * scale
            output[i + 16] = Float(Int32(high) - 16) * scale
        }
    }

    /// Scale, minimum, the fifth bits of all elements, 16 bytes of their lower four.
    private static func q5_1(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let (scale, least, fifth) = (half(block), half(block + 2), word(block + 4))
        let bytes = block + 8
        for i in 0..<16 {
            let low = UInt32(bytes[i] & 15) | (fifth >> UInt32(i) & 1) << 4
            let high = UInt32(bytes[i] >> 4) | (fifth >> UInt32(i + 16) & 1) << 4
            output[i] = Float(Int32(low)) * scale + least
            output[i + 16] = Float(Int32(high)) * scale + least
        }
    }

    /// Scale, 32 signed bytes.
    private static func q8_0(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let scale = half(block)
        let bytes = block + 2
        for i in 0..<32 { output[i] = Float(Int32(Int8(bitPattern: bytes[i]))) * scale }
    }
}
