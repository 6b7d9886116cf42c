import Memory

/// Vectors of half a byte a component and one scale a vector: `x ≈ scale * codes`, with codes from -7 to 7.
package struct NibbleRows: Sendable {
    package let dimension: Int
    package let scales: FrozenArray<Float>
    /// [count × bytes of a row]: codes from -7 on are stored from 1 on. Of every 64 components the first 32 stand in the lower halves of
    /// 32 bytes and the others in the upper halves; of what is left, neighbours share a byte.
    package let codes: FrozenArray<UInt8>

    package var count: Int { scales.count }

    /// The bytes of a row.
    package static func width(_ dimension: Int) -> Int { (dimension + 1) / 2 }

    /// What is stored for 0.
    package static let zero: Int32 = 8

    package init(dimension: Int, scales: FrozenArray<Float>, codes: FrozenArray<UInt8>) {
        precondition(scales.count * Self.width(dimension) == codes.count)
        (self.dimension, self.scales, self.codes) = (dimension, scales, codes)
    }

    /// Rounds vectors, ties to even.
    ///
    /// - Parameter vector: writes the vector of a row; called on several threads.
    package init(
        count: Int, dimension: Int, threads: Int = Parallel.cores,
        vector: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        let (scales, codes) = RowCoding.rows(
            count: count, dimension: dimension, width: Self.width(dimension), threads: threads, vector: vector,
            round: Self.round)
        self.init(dimension: dimension, scales: scales, codes: codes)
    }

    /// How many steps the largest component is away from 0. What is more than 7 is cut to 7: the others become finer. The first that
    /// errs least is taken, and the very first gives rows that were rounded before their own codes again.
    private static let tried: [Float] = [7, 7.5, 8, 8.5, 9, 10, 11, 12]

    private static func round(
        _ vector: UnsafeMutableBufferPointer<Float>, _ codes: UnsafeMutableBufferPointer<UInt8>
    ) -> Float {
        var largest: Float = 0
        for value in vector { largest = max(largest, abs(value)) }
        var (best, least) = (tried[0], Float.infinity)
        for steps in tried where largest > 0 {
            let (factor, scale) = (steps / largest, largest / steps)
            var error: Float = 0
            for value in vector {
                let rest = value - scale * min(7, max(-7, (value * factor).rounded(.toNearestOrEven)))
                error += rest * rest
            }
            if error < least { (best, least) = (steps, error) }
        }
        let factor = largest > 0 ? best / largest : 0
        for place in codes.indices { codes[place] = 0 }
        for (component, value) in vector.enumerated() {
            // What is no number, as a damaged model may give it, is none here.
            let whole = (value * factor).rounded(.toNearestOrEven)
            let code = whole.isNaN ? UInt8(zero) : UInt8(Float(zero) + min(7, max(-7, whole)))
            let (byte, shift) = place(of: component, vector.count)
            codes[byte] |= code << shift
        }
        return largest / best
    }

    /// The byte that a component is in, and where in it.
    private static func place(of component: Int, _ dimension: Int) -> (byte: Int, shift: UInt8) {
        let (block, rest) = (component / 64, component % 64)
        if (block + 1) * 64 <= dimension { return (32 * block + rest % 32, rest < 32 ? 0 : 4) }
        return (32 * block + rest / 2, rest % 2 == 0 ? 0 : 4)
    }

    /// Writes a vector as its codes give it.
    package func copy(_ row: Int, into vector: UnsafeMutableBufferPointer<Float>) {
        let (scale, start) = (scales[row], row * Self.width(dimension))
        codes.withUnsafeBuffer { codes in
            for component in 0..<dimension {
                let (byte, shift) = Self.place(of: component, dimension)
                vector[component] = scale * Float(Int32(codes[start + byte] >> shift & 15) - Self.zero)
            }
        }
    }
}
