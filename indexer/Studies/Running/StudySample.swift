import Corpora
import Memory

/// Which passages of a corpus are searched: all judged ones, then others in a fixed order, up to a size.
package struct StudySample: Sendable {
    /// How others than judged passages are chosen.
    package enum Distractors: Sendable, Hashable, CustomStringConvertible {
        case random
        /// In the order of their best place among so many of BM25's list, over all queries.
        case pooled(Int)

        /// Reads `random` or `pooled:1000`.
        package init?(_ text: some StringProtocol) {
            if text == "random" {
                self = .random
            } else if text.hasPrefix("pooled:"), let depth = Int(text.dropFirst(7)), (1...100_000).contains(depth) {
                self = .pooled(depth)
            } else {
                return nil
            }
        }

        package var description: String {
            switch self {
            case .random: "random"
            case .pooled(let depth): "pooled:\(depth)"
            }
        }
    }

    private enum Others {
        case all
        case upTo(SampleRank)
        case members(Set<Identifier>)
        case none
    }

    package let size: Int
    private let seed: UInt64
    private let judged: Set<Identifier>
    private let others: Others

    /// A random sample. The smaller of two is a part of the larger.
    ///
    /// - Parameter size: from the judged passages up to all.
    package init(size: Int, seed: UInt64, of census: CorpusCensus) {
        (self.size, self.seed, judged) = (size, seed, census.judged)
        let ranks = census.ranks[seed] ?? []
        let count = size - census.judged.count
        others = count <= 0 ? .none : count >= ranks.count ? .all : .upTo(ranks[count - 1])
    }

    /// A sample of pooled distractors.
    ///
    /// - Parameter pool: distractors, the best placed first; at least as many as are needed.
    package init(size: Int, pool: [Identifier], of census: CorpusCensus) {
        (self.size, seed, judged) = (size, 0, census.judged)
        others = .members(Set(pool.prefix(max(0, size - census.judged.count))))
    }

    package func contains(_ id: String) -> Bool {
        if judged.contains(Identifier(id)) { return true }
        switch others {
        case .all: return true
        case .none: return false
        case .upTo(let last): return SampleRank(seed: seed, id: id) <= last
        case .members(let members): return members.contains(Identifier(id))
        }
    }

    /// Writes the sample as BEIR lines, in the order of the corpus; the file appears when it is whole.
    ///
    /// - Throws: ``StudyError/corpusChanged(path:expected:found:)`` where the corpus is no longer what was counted.
    package func write(of corpus: String, to path: String, _ clock: WorkClock) throws {
        try clock.begin("sample", unit: "passages")
        var reader = try CorpusReader(path: corpus)
        var writer = try CorpusWriter(path: path)
        var seen = 0
        while let passage = try reader.next() {
            seen += 1
            if seen % 1024 == 0 { try clock.update(count: writer.count, fraction: reader.report.fraction) }
            if contains(passage.id) { try writer.write(passage) }
        }
        guard writer.count == size else {
            throw StudyError.corpusChanged(path: corpus, expected: size, found: writer.count)
        }
        try clock.update(count: writer.count, fraction: 1)
        try writer.finish()
        clock.finish()
    }
}
