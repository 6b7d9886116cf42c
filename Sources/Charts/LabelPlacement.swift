/// Places of labels in a column: each as near as can be to where it belongs, none over another.
package enum LabelPlacement {
    /// The centres of labels of equal height.
    ///
    /// Labels keep the order of their wishes, and the sum of squared moves is the least possible: neighbours that would
    /// touch are pooled at the mean of their wishes. Nil where all of them do not fit into the range.
    ///
    /// - Complexity: O(n log n).
    package static func column(
        _ wishes: [Double], height: Double, within range: ClosedRange<Double>
    ) -> [Double]? {
        let room = range.upperBound - range.lowerBound
        guard Double(wishes.count) * height <= room + 1e-9 else { return nil }
        let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
        // With n·height taken off the n-th wish, labels that do not overlap are values that do not fall.
        var pools: [(sum: Double, count: Int)] = []
        for (rank, index) in order.enumerated() {
            pools.append((wishes[index] - Double(rank) * height, 1))
            while pools.count > 1 {
                let (last, before) = (pools[pools.count - 1], pools[pools.count - 2])
                guard last.sum / Double(last.count) < before.sum / Double(before.count) else { break }
                pools.removeLast(2)
                pools.append((last.sum + before.sum, last.count + before.count))
            }
        }
        let low = range.lowerBound + height / 2
        let high = range.upperBound - height / 2 - Double(wishes.count - 1) * height
        var places = [Double](repeating: 0, count: wishes.count)
        var rank = 0
        for pool in pools {
            let start = min(max(pool.sum / Double(pool.count), low), max(low, high))
            for _ in 0..<pool.count {
                places[order[rank]] = start + Double(rank) * height
                rank += 1
            }
        }
        return places
    }
}
