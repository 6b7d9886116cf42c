import Memory

/// Which rows of an index belong to the passages of a set: what deletions and filters leave of it.
public struct PassingRows: Sendable {
    public let passages: PlaceSet
    /// No more rows than this belong to other passages.
    private let others: Int

    /// - Precondition: the set is of the index's passages.
    /// - Complexity: O(passages).
    public init(_ passages: PlaceSet, in index: FMIndex) {
        precondition(passages.capacity == index.documentCount, "a set of another index's passages")
        self.passages = passages
        var tokens = 0
        passages.forEach { tokens += index.length(of: $0) }
        others = index.tokenCount - tokens + 2
    }

    /// Whether one of some rows belongs to a passage of the set; reads rows until one does.
    @inline(__always)
    func contain(_ rows: FMIndex.Rows, of index: FMIndex) -> Bool {
        rows.count > others || search(rows, index)
    }

    private func search(_ rows: FMIndex.Rows, _ index: FMIndex) -> Bool {
        guard !rows.isEmpty else { return false }
        for row in rows.low..<rows.high {
            if let document = index.document(row: row), passages.contains(document) { return true }
        }
        return false
    }
}

extension FMIndex {
    /// Whether a passage of a set holds the sequence of `rows`.
    ///
    /// - Complexity: O(rows) at worst; where every other passage is in the set, some two rows.
    public func holds(_ rows: Rows, in passing: PassingRows?) -> Bool {
        passing.map { $0.contain(rows, of: self) } ?? !rows.isEmpty
    }
}
