import FMIndex

/// How often tokens occur in all segments of an index together, in passages that are not deleted.
package struct CorpusCounts: Sendable {
    /// Of the segments, with their deleted passages.
    let indexes: [FMIndex]
    /// Of the deleted passages of segments that have some.
    let deleted: [FMIndex]
    /// Both, one behind the other.
    let all: [FMIndex]
    let size: CorpusSize

    /// - Parameters:
    ///   - indexes: of the segments, in their order.
    ///   - deleted: of passages that they hold and that do not count.
    package init(_ indexes: [FMIndex], without deleted: [FMIndex] = []) {
        self.indexes = indexes
        self.deleted = deleted
        all = indexes + deleted
        func sum(_ count: (FMIndex) -> Int) -> Int {
            indexes.reduce(0) { $0 + count($1) } - deleted.reduce(0) { $0 + count($1) }
        }
        size = CorpusSize(tokens: sum(\.tokenCount), passages: sum(\.documentCount))
    }

    /// Whether what the index at a place of ``all`` counts is added or taken away: 1 or -1.
    func sign(_ place: Int) -> Int { place < indexes.count ? 1 : -1 }

    /// The count in the corpus of what ``all`` count.
    func sum(_ counts: [Int]) -> Int { counts.indices.reduce(0) { $0 + sign($1) * max(0, counts[$1]) } }

    /// Every token that occurs is below this number.
    var vocabularyBound: Int { indexes.map(\.vocabularyBound).max() ?? 0 }

    /// How often sequences of tokens occur.
    func counts(of sequences: [[Int32]]) -> [Int] {
        var counts = [Int](repeating: 0, count: sequences.count)
        for (place, index) in all.enumerated() {
            for (sequence, rows) in index.rows(of: sequences).enumerated() {
                counts[sequence] += sign(place) * max(0, rows.count)
            }
        }
        return counts
    }

    /// How often a sequence of tokens occurs.
    func count(of sequence: [Int32]) -> Int {
        sum(all.map { $0.count(of: sequence) })
    }

    /// How often a token occurs; O(segments).
    func count(ofToken token: Int32) -> Int {
        var count = 0
        for index in indexes { count += index.count(ofToken: token) }
        for index in deleted { count -= index.count(ofToken: token) }
        return count
    }
}
