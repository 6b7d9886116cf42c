/// Where the passages of each segment stand in the numbering of the whole index, which is the order of
/// the corpus.
public struct SegmentPlaces: Sendable {
    /// The first passage of each segment, and the end of the last.
    private let starts: [Int32]

    /// - Parameter counts: the number of passages of each segment; their sum fits 31 bits.
    public init(counts: [Int]) {
        var starts: [Int32] = [0]
        for count in counts { starts.append((starts.last ?? 0) + Int32(count)) }
        self.starts = starts
    }

    /// The number of passages.
    public var count: Int { Int(starts.last ?? 0) }

    /// The number of the passage that is `document` in a segment.
    @inline(__always)
    public func global(_ document: Int32, in segment: Int) -> Int32 { starts[segment] + document }

    /// The segment of a passage and its number there; O(log segments).
    ///
    /// - Precondition: `document` is one of the index's passages.
    public func locate(_ document: Int32) -> (segment: Int, document: Int32) {
        precondition(document >= 0 && Int(document) < count, "passage index out of range")
        var low = 0
        var high = starts.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= document { low = middle } else { high = middle }
        }
        return (low, document - starts[low])
    }

    /// The best `k` of the segments' lists, whose passages are numbered by segment: score falling, then
    /// index rising.
    public func merged(_ lists: [[ScoredDocument]], k: Int) -> [ScoredDocument] {
        guard lists.count != 1 else { return Array(lists[0].prefix(k)) }
        var top = TopDocuments(capacity: k)
        for (segment, list) in lists.enumerated() {
            for item in list {
                top.offer(ScoredDocument(document: global(item.document, in: segment), score: item.score))
            }
        }
        return top.sorted()
    }
}
