import Search

/// Where the passages of each segment stand in the numbering of the whole index, which is the order of
/// the corpus.
package struct SegmentPlaces: Sendable {
    /// The first passage of each segment, and the end of the last.
    private let starts: [Int32]

    /// - Parameter counts: the number of passages of each segment; their sum fits 31 bits.
    package init(counts: [Int]) {
        var starts: [Int32] = [0]
        for count in counts { starts.append((starts.last ?? 0) + Int32(count)) }
        self.starts = starts
    }

    /// The number of passages.
    package var count: Int { Int(starts.last ?? 0) }

    /// The passage that has the number `local` in a segment.
    @inline(__always)
    package func global(_ local: Int32, in segment: Int) -> PassageIndex { PassageIndex(starts[segment] + local) }

    /// The segment of a passage and its number there; O(log segments).
    ///
    /// - Precondition: it is one of the index's passages.
    package func locate(_ passage: PassageIndex) -> (segment: Int, local: Int32) {
        precondition(passage.rawValue >= 0 && passage.place < count, "passage index out of range")
        var low = 0
        var high = starts.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= passage.rawValue { low = middle } else { high = middle }
        }
        return (low, passage.rawValue - starts[low])
    }

    /// The best `k` of the segments' lists, which are in order and whose passages have the segments'
    /// numbers: score falling, then passage rising.
    package func merged(_ lists: [[Scored<Int32>]], k: Int) -> [ScoredPassage] {
        guard lists.count != 1 else {
            return lists[0].prefix(k).map { Scored(global($0.id, in: 0), score: $0.score) }
        }
        var top = TopK<PassageIndex>(capacity: k)
        for (segment, list) in lists.enumerated() {
            for item in list {
                top.offer(global(item.id, in: segment), score: item.score)
            }
        }
        return top.sorted()
    }
}
