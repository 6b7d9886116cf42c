import FMIndex

/// How often tokens occur in all segments of an index together.
package struct CorpusCounts: Sendable {
    let indexes: [FMIndex]
    let size: CorpusSize

    /// - Parameter indexes: of the segments, in their order.
    package init(_ indexes: [FMIndex]) {
        self.indexes = indexes
        size = CorpusSize(
            tokens: indexes.reduce(0) { $0 + $1.tokenCount },
            passages: indexes.reduce(0) { $0 + $1.documentCount })
    }

    /// Every token that occurs is below this number.
    var vocabularyBound: Int { indexes.map(\.vocabularyBound).max() ?? 0 }

    /// How often sequences of tokens occur.
    func counts(of sequences: [[Int32]]) -> [Int] {
        var counts = [Int](repeating: 0, count: sequences.count)
        for index in indexes {
            for (place, rows) in index.rows(of: sequences).enumerated() { counts[place] += max(0, rows.count) }
        }
        return counts
    }

    /// How often a token occurs; O(segments).
    func count(ofToken token: Int32) -> Int {
        var count = 0
        for index in indexes { count += index.count(ofToken: token) }
        return count
    }
}
