/// Blocks of 256 elements, in groups whose scales are quantised themselves.
extension GGUFBlocks {
    /// The six-bit scale and minimum of one of eight groups, packed into twelve bytes: those of
    /// the first four groups fill the lower six bits of bytes 0..<8; those of the others have
    /// their low four bits in bytes 8..<12 and their high two bits on top of the first.
    @inline(__always)
    private static func scaleAndMinimum(
        _ packed: UnsafePointer<UInt8>, _ group: Int
    ) -> (scale: Float, minimum: Float) {
        if group < 4 {
            return (Float(packed[group] & 63), Float(packed[group + 4] & 63))
        }
        let scale = packed[group + 4] & 15 | (packed[group - 4] >> 6) << 4
        let minimum = packed[group + 4] >> 4 | (packed[group] >> 6) << 4
        return (Float(scale), Float(minimum))
    }

    /// Scale of scales, scale of minimums, twelve bytes of both, 128 bytes of four-bit numbers:
    /// 32 bytes hold two groups of 32.
    static func q4_K(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let (scales, minimums) = (half(block), half(block + 2))
        for pair in 0..<4 {
            let bytes = block + 16 + 32 * pair
            let target = output + 64 * pair
            let (low, high) = (scaleAndMinimum(block + 4, 2 * pair), scaleAndMinimum(block + 4, 2 * pair + 1))
            let (lowScale, lowMinimum) = (scales * low.scale, minimums * low.minimum)
            let (highScale, highMinimum) = (scales * high.scale, minimums * high.minimum)
            for i in 0..<32 {
                target[i] = lowScale * Float(Int32(bytes[i] & 15)) - lowMinimum
                target[i + 32] = highScale * Float(Int32(bytes[i] >> 4)) - highMinimum
            }
        }
    }

    /// As ``q4_K``, with 32 bytes of fifth bits before the others: bit g of byte i belongs to
    /// element i of group g.
    static func q5_K(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let (scales, minimums) = (half(block), half(block + 2))
        let fifth = block + 16
        for pair in 0..<4 {
            let bytes = block + 48 + 32 * pair
            let target = output + 64 * pair
            let (low, high) = (scaleAndMinimum(block + 4, 2 * pair), scaleAndMinimum(block + 4, 2 * pair + 1))
            let (lowScale, lowMinimum) = (scales * low.scale, minimums * low.minimum)
            let (highScale, highMinimum) = (scales * high.scale, minimums * high.minimum)
            let shift = UInt8(2 * pair)
            for i in 0..<32 {
                let one = bytes[i] & 15 | (fifth[i] >> shift & 1) << 4
                let two = bytes[i] >> 4 | (fifth[i] >> (shift + 1) & 1) << 4
                target[i] = lowScale * Float(Int32(one)) - lowMinimum
                target[i + 32] = highScale * Float(Int32(two)) - highMinimum
            }
        }
    }

    /// 128 bytes of lower four bits, 64 of upper two, sixteen signed scales of 16 elements each,
    /// scale of scales; numbers from -32. Each half of 128 elements is four runs of 32.
    static func q6_K(_ block: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Float>) {
        let scales = half(block + 208)
        for part in 0..<2 {
            let low = block + 64 * part
            let high = block + 128 + 32 * part
            let own = block + 192 + 8 * part
            let target = output + 128 * part
            for i in 0..<32 {
                let numbers = (
                    low[i] & 15 | (high[i] & 3) << 4,
                    low[i + 32] & 15 | (high[i] >> 2 & 3) << 4,
                    low[i] >> 4 | (high[i] >> 4 & 3) << 4,
                    low[i + 32] >> 4 | (high[i] >> 6) << 4
                )
                let group = i / 16
                func scale(_ run: Int) -> Float {
                    scales * Float(Int32(Int8(bitPattern: own[group + 2 * run])))
                }
                target[i] = scale(0) * Float(Int32(numbers.0) - 32)
                target[i + 32] = scale(1) * Float(Int32(numbers.1) - 32)
                target[i + 64] = scale(2) * Float(Int32(numbers.2) - 32)
                target[i + 96] = scale(3) * Float(Int32(numbers.3) - 32)
            }
        }
    }
}
