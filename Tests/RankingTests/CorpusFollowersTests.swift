import FMIndex
import Ranking
import TestSupport
import Testing

@Suite("The most frequent followers in several segments") struct CorpusFollowersTests {
    /// Words drawn so that some are much more frequent than others, and the segments differ.
    private static func passages(_ count: Int, _ random: inout SeededGenerator) -> [[Int32]] {
        (0..<count).map { passage in
            (0..<Int.random(in: 1...14, using: &random)).map { _ in
                let spread = Int32.random(in: 1...40, using: &random)
                return RandomCorpus.firstWord + (Int32.random(in: 0..<spread, using: &random) + Int32(passage / 9) % 7)
                    % 40
            }
        }
    }

    private static func index(_ passages: some Sequence<[Int32]>) throws -> FMIndex {
        var builder = FMIndexBuilder(documentEnd: RandomCorpus.documentEnd, titleEnd: RandomCorpus.titleEnd)
        for passage in passages { builder.add(title: [], body: passage) }
        return try builder.build()
    }

    @Test("They are those of all passages that are left, however these are cut", arguments: 0..<30 as Range<UInt64>)
    func cuts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let passages = Self.passages(Int.random(in: 1...90, using: &random), &random)
        let isDeleted = passages.map { _ in seed % 3 == 0 && Int.random(in: 0..<4, using: &random) == 0 }
        let naive = NaiveTextIndex(
            documents: zip(passages, isDeleted).filter { !$0.1 }.map { $0.0 + [RandomCorpus.documentEnd] },
            documentEnd: RandomCorpus.documentEnd)
        let pieces = [1, 2, 3, 7, 12].randomElement(using: &random) ?? 1
        let segment = passages.map { _ in Int.random(in: 0..<pieces, using: &random) }
        var indexes: [FMIndex] = []
        var deleted: [FMIndex] = []
        for piece in 0..<pieces {
            let own = passages.indices.filter { segment[$0] == piece }
            indexes.append(try Self.index(own.map { passages[$0] }))
            if seed % 3 == 0 { deleted.append(try Self.index(own.filter { isDeleted[$0] }.map { passages[$0] })) }
        }
        let counts = CorpusCounts(indexes, without: deleted)
        let sequences = (0..<12).map { draw -> [Int32] in
            let passage = passages.randomElement(using: &random) ?? []
            let start = Int.random(in: 0..<passage.count, using: &random)
            return Array(passage[start..<min(passage.count, start + 1 + draw % 3)])
        }
        for k in [1, 3, 8, 100] {
            let found = counts.followers(of: sequences.map { s in (indexes + deleted).map { $0.rows(of: s) } }, k)
            for (sequence, found) in zip(sequences, found) {
                let expected = naive.continuations(of: sequence).map { (token: $0.key, count: $0.value) }
                    .sorted { ($0.count, $1.token) > ($1.count, $0.token) }.prefix(k)
                // What occurs in deleted passages alone may be named, with count 0, where nothing else is left.
                let living = found.filter { $0.count > 0 }
                #expect(living.map(\.token) == expected.map(\.token))
                #expect(living.map(\.count) == expected.map(\.count))
            }
        }
    }
}
