import Memory

/// Rounds vectors one by one, on several threads.
enum RowCoding {
    /// - Parameters:
    ///   - width: the codes of a row.
    ///   - vector: writes the vector of a row; called on several threads.
    ///   - round: writes the codes of a vector, and gives its scale.
    static func rows<Code: BitwiseCopyable>(
        count: Int, dimension: Int, width: Int, threads: Int,
        vector: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void,
        round: @Sendable (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Code>) -> Float
    ) -> (scales: FrozenArray<Float>, codes: FrozenArray<Code>) {
        var scales = FrozenArray<Float>([])
        let codes = FrozenArray<Code>(count: count * width) { codes in
            let codes = SharedBuffer(codes)
            scales = FrozenArray(count: count) { scales in
                let scales = SharedBuffer(scales)
                Parallel.forEachRange(count: count, grain: 512, threads: threads) { range in
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { row in
                        for place in range {
                            vector(place, row)
                            scales.buffer[place] = round(
                                row,
                                UnsafeMutableBufferPointer(
                                    rebasing: codes.buffer[place * width..<(place + 1) * width]))
                        }
                    }
                }
            }
        }
        return (scales, codes)
    }
}
