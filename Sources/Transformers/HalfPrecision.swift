import Memory

/// IEEE 754 binary16 and bfloat16.
///
/// Swift's `Float16` does not exist on every platform.
enum HalfPrecision {
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

    /// Converts little-endian halves, which need not be aligned.
    static func floats(_ raw: FrozenArray<UInt8>) -> FrozenArray<Float> {
        convert(raw) { float($0) }
    }

    /// Converts little-endian bfloat16, which need not be aligned.
    static func floats(brain raw: FrozenArray<UInt8>) -> FrozenArray<Float> {
        convert(raw) { float(brain: $0) }
    }

    @inline(__always)
    private static func convert(
        _ raw: FrozenArray<UInt8>, _ body: (UInt16) -> Float
    ) -> FrozenArray<Float> {
        let count = raw.count / 2
        return FrozenArray(count: count) { output in
            raw.withUnsafeBuffer { input in
                guard let target = output.baseAddress, let source = UnsafeRawPointer(input.baseAddress)
                else { return }
                for index in 0..<count {
                    let bits = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                    target[index] = body(UInt16(littleEndian: bits))
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
