import Memory

/// Vectors of one byte a component and one scale a vector: `x ≈ scale * codes`, with codes from -127 to 127.
package struct ByteRows: Sendable {
    package let dimension: Int
    package let scales: FrozenArray<Float>
    /// [count × dimension].
    package let codes: FrozenArray<Int8>

    package var count: Int { scales.count }

    package init(dimension: Int, scales: FrozenArray<Float>, codes: FrozenArray<Int8>) {
        precondition(scales.count * dimension == codes.count)
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
            count: count, dimension: dimension, width: dimension, threads: threads, vector: vector, round: Self.round)
        self.init(dimension: dimension, scales: scales, codes: codes)
    }

    private static func round(
        _ vector: UnsafeMutableBufferPointer<Float>, _ codes: UnsafeMutableBufferPointer<Int8>
    ) -> Float {
        var largest: Float = 0
        for value in vector { largest = max(largest, abs(value)) }
        let scale = largest / 127
        let factor = largest > 0 ? 127 / largest : 0
        for (place, value) in vector.enumerated() {
            // What is no number, as a damaged model may give it, is none here.
            let whole = (value * factor).rounded(.toNearestOrEven)
            codes[place] = abs(whole) <= 127 ? Int8(whole) : 0
        }
        return scale
    }

    /// Writes a vector as its codes give it.
    package func copy(_ row: Int, into vector: UnsafeMutableBufferPointer<Float>) {
        let (scale, start) = (scales[row], row * dimension)
        codes.withUnsafeBuffer { codes in
            for i in 0..<dimension { vector[i] = scale * Float(codes[start + i]) }
        }
    }
}
