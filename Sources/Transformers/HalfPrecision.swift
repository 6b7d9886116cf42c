import Memory

/// IEEE 754 binary16 and bfloat16.
///
/// Swift's `Float16` does not exist on every platform.
package enum HalfPrecision {
    /// The number as single precision, exactly.
    ///
    /// Without branches, so that loops over it become vector code; without denormal operands,
    /// which are slow.
    @inline(__always)
    static func float(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF)
        let small = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
        let normal = magnitude << 13 &+ 0x3800_0000
        let special = magnitude << 13 | 0x7F80_0000
        let value = magnitude < 0x400 ? small : magnitude < 0x7C00 ? normal : special
        return Float(bitPattern: value | sign)
    }

    /// A bfloat16 as single precision, exactly.
    @inline(__always)
    static func float(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// Converts little-endian halves.
    package static func floats(_ raw: FrozenArray<UInt8>) -> FrozenArray<Float> {
        convert(raw) { source, target, count in
            for index in 0..<count { target[index] = float(UInt16(littleEndian: source[index])) }
        }
    }

    /// Converts little-endian bfloat16.
    static func floats(brain raw: FrozenArray<UInt8>) -> FrozenArray<Float> {
        convert(raw) { source, target, count in
            for index in 0..<count { target[index] = float(brain: UInt16(littleEndian: source[index])) }
        }
    }

    /// The numbers rounded to little-endian binary16, ties to even; what is too large is infinite.
    static func bytes(_ floats: FrozenArray<Float>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 2 * floats.count)
        floats.withUnsafeBuffer { floats in
            for (index, value) in floats.enumerated() {
                let half = bits(value)
                bytes[2 * index] = UInt8(truncatingIfNeeded: half)
                bytes[2 * index + 1] = UInt8(half >> 8)
            }
        }
        return bytes
    }

    /// The nearest binary16, ties to even.
    static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let size = value.bitPattern & 0x7FFF_FFFF
        if size > 0x7F80_0000 { return sign | 0x7E00 }
        if size >= 0x477F_F000 { return sign | 0x7C00 }
        if size < 0x3880_0000 {
            // Adding one half brings the last place to where a subnormal number has it.
            return sign | UInt16((Float(bitPattern: size) + 0.5).bitPattern - 0x3F00_0000)
        }
        return sign | UInt16((size - 0x3800_0000 + 0xFFF + (size >> 13 & 1)) >> 13)
    }

    private typealias Loop = @Sendable (UnsafePointer<UInt16>, UnsafeMutablePointer<Float>, Int) -> Void

    /// Elements that a thread takes at a time.
    private static let grain = 1 << 18

    /// Runs a loop over parts of the tensor, on every core.
    private static func convert(_ raw: FrozenArray<UInt8>, _ loop: Loop) -> FrozenArray<Float> {
        // Files place tensors at even offsets; what does not lie so is copied to where it does.
        let halves = raw.elements(of: UInt16.self) ?? raw.aligned(to: UInt16.self)
        return FrozenArray(count: halves.count) { output in
            halves.withUnsafeBuffer { input in
                guard let first = input.baseAddress, let start = output.baseAddress else { return }
                // Every part writes its own elements only.
                nonisolated(unsafe) let (source, target) = (first, start)
                Parallel.forEachRange(count: input.count, grain: grain) { range in
                    loop(source + range.lowerBound, target + range.lowerBound, range.count)
                }
            }
        }
    }
}

extension FrozenArray where Element == Float {
    /// Whether no element is infinite or NaN; one pass, vector code.
    var allFinite: Bool {
        withUnsafeBuffer { values in
            guard let base = values.baseAddress else { return true }
            var marks: UInt32 = 0
            for index in 0..<values.count {
                // Carries into the sign bit exactly when all bits of the exponent are set.
                marks |= (base[index].bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000
            }
            return marks & 0x8000_0000 == 0
        }
    }
}
