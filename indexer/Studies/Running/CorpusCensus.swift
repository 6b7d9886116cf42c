import Corpora
import Memory
import Storage

/// What one pass over the corpus tells: its hash, which judged passages it has, and the ranks of all others.
///
/// Takes 16 bytes a passage and seed, whatever the texts.
package struct CorpusCensus: Sendable {
    package let passages: Int
    /// SHA-256 over every passage's id, title and text, each ended by a zero byte, as in an index's manifest.
    package let sha256: String
    /// UTF-8 bytes of titles and texts.
    package let bytes: Int
    package let badLines: Int
    /// The queries and judgements, without queries that have no relevant passage in the corpus.
    package let input: StudyInput
    /// Queries that were left out for that.
    package let unanswerable: Int
    /// Judged passages of these queries that are in the corpus.
    package let judged: Set<Identifier>
    /// By seed, the ranks of all other passages, rising.
    let ranks: [UInt64: [SampleRank]]

    package init(_ input: StudyInput, seeds: [UInt64], _ clock: WorkClock) throws {
        try clock.begin("corpus", unit: "passages")
        let candidates = input.judgedPassages
        var present: Set<Identifier> = []
        var ranks = Dictionary(seeds.map { ($0, [SampleRank]()) }, uniquingKeysWith: { first, _ in first })
        var hash = SHA256()
        var (count, bytes) = (0, 0)
        var reader = try CorpusReader(path: input.corpus)
        while let passage = try reader.next() {
            for text in [passage.id, passage.title, passage.text] {
                hash.update(text)
                hash.update([0])
            }
            bytes += passage.title.utf8.count + passage.text.utf8.count
            count += 1
            if count % 1024 == 0 { try clock.update(count: count, fraction: reader.report.fraction) }
            let id = Identifier(passage.id)
            if candidates.contains(id) {
                present.insert(id)
            } else {
                for seed in seeds { ranks[seed]?.append(SampleRank(seed: seed, id: passage.id)) }
            }
        }
        try clock.update(count: count, fraction: 1)
        let answerable = input.queries.filter { query in
            (input.qrels.judgements[query.id] ?? [:]).contains { $0.value > 0 && present.contains($0.key) }
        }
        guard !answerable.isEmpty else { throw StudyError.nothingRelevant(corpus: input.corpus) }
        let kept = input.keeping(answerable)
        let judged = kept.judgedPassages.intersection(present)
        for seed in seeds {
            for id in present.subtracting(judged) { ranks[seed]?.append(SampleRank(seed: seed, id: id.string)) }
            ranks[seed]?.sort()
        }
        (passages, sha256, badLines) = (count, hash.hex(), reader.report.badLineCount)
        (self.bytes, self.input, self.judged, self.ranks) = (bytes, kept, judged, ranks)
        unanswerable = input.queries.count - answerable.count
        clock.finish()
    }
}
