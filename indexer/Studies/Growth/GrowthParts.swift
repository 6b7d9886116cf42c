import Corpora
import Foundation
import Memory

/// The start of a growing corpus and the parts that come, as files `part-0.jsonl` and so on.
///
/// Which part a passage is of follows from the seed and its id alone, whether it is judged or not, so that there are
/// questions about every part.
struct GrowthParts {
    private let folder: String
    private let growth: StudyGrowth

    init(_ folder: String, _ growth: StudyGrowth) { (self.folder, self.growth) = (folder, growth) }

    func file(_ part: Int) -> String { folder + "/part-\(part).jsonl" }

    /// Another order than that of samples, of which the passages of a small one would all come first.
    private func rank(_ id: String, _ seed: UInt64) -> SampleRank { SampleRank(seed: ~seed, id: id) }

    /// Cuts a corpus into its parts.
    ///
    /// - Complexity: two passes; 16 bytes a passage.
    func write(of corpus: String, seed: UInt64, _ clock: WorkClock) throws {
        try clock.begin("parts", unit: "passages")
        var ranks: [SampleRank] = []
        var reader = try CorpusReader(path: corpus)
        while let passage = try reader.next() { ranks.append(rank(passage.id, seed)) }
        ranks.sort()
        let ends = (0...growth.parts).map { growth.passages(of: ranks.count, after: $0) }
        let lasts = ends.map { $0 > 0 ? ranks[$0 - 1] : SampleRank(seed: 0, id: "") }
        let files = try (0...growth.parts).map { PartFile(try CorpusWriter(path: file($0))) }
        var second = try CorpusReader(path: corpus)
        var count = 0
        while let passage = try second.next() {
            let own = rank(passage.id, seed)
            try files[lasts.firstIndex { own <= $0 } ?? growth.parts].writer.write(passage)
            count += 1
            if count % 1024 == 0 { try clock.update(count: count, fraction: second.report.fraction) }
        }
        guard count == ranks.count else {
            throw StudyError.corpusChanged(path: corpus, expected: ranks.count, found: count)
        }
        for file in files { try file.writer.finish() }
        clock.finish()
    }

    /// A writer among others: writers themselves cannot be in a list.
    private final class PartFile {
        var writer: CorpusWriter

        init(_ writer: consuming CorpusWriter) { self.writer = writer }
    }

    /// The part of each of some passages.
    func parts(of wanted: Set<Identifier>) throws -> [Identifier: Int] {
        var parts: [Identifier: Int] = [:]
        for part in 0...growth.parts {
            var reader = try CorpusReader(path: file(part))
            while let passage = try reader.next() {
                let id = Identifier(passage.id)
                if wanted.contains(id) { parts[id] = part }
            }
        }
        return parts
    }
}
