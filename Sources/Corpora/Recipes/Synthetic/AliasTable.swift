/// Draws an index with a probability proportional to its weight, in constant time (Walker 1977).
struct AliasTable: Sendable {
    /// A column of equal width: its own index below the threshold, another one above.
    private struct Column {
        var threshold: UInt32
        var other: UInt32
    }

    private let columns: [Column]

    init(weights: [Double]) {
        let scale = Double(weights.count) / weights.reduce(0, +)
        var heights = weights.map { $0 * scale }
        var low = heights.indices.filter { heights[$0] < 1 }
        var high = heights.indices.filter { heights[$0] >= 1 }
        var columns = heights.indices.map { Column(threshold: .max, other: UInt32($0)) }
        while let short = low.popLast(), let tall = high.last {
            columns[short] = Column(
                threshold: UInt32(heights[short] * 0x1p32), other: UInt32(tall))
            heights[tall] -= 1 - heights[short]
            if heights[tall] < 1 {
                high.removeLast()
                low.append(tall)
            }
        }
        self.columns = columns
    }

    /// The index that 64 random bits choose: the upper half a column, the lower half a side of it.
    func draw(_ bits: UInt64) -> Int {
        let index = Int(((bits >> 32) &* UInt64(columns.count)) >> 32)
        let column = columns[index]
        return UInt32(truncatingIfNeeded: bits) < column.threshold ? index : Int(column.other)
    }
}
