import Docids
import Engine
import IndexStore
import Memory
import Ranking
import Tensors

/// The vectors of the sentences of passages that are written anew: those that they have. A passage of a segment without any is its
/// own sentence; where that is so of all, nothing is written.
struct CopiedSentences: SegmentStage {
    private let copied: StoredPassages.Copied
    private let coding: VectorCoding

    init(_ copied: StoredPassages.Copied, _ coding: VectorCoding) { (self.copied, self.coding) = (copied, coding) }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        let segments = copied.index.snapshot.segments
        let passages = copied.passages
        guard passages.contains(where: { segments[$0.segment].has(SentenceCodes.self) }) else { return }
        let stored = try segments.map { $0.has(SentenceCodes.self) ? try $0.component(SentenceCodes.self) : nil }
        let dense = try copied.index.components(DenseIndex.self)
        var owners: [Int32] = []
        for (passage, source) in passages.enumerated() {
            let count = stored[source.segment]?.owners.entries(of: Int32(source.place)).count ?? 1
            owners += repeatElement(Int32(passage), count: count)
        }
        let d = dense[0].dimension
        guard let entries = EntryPassages(FrozenArray(owners), passageCount: passages.count) else { return }
        let vectors = FrozenArray<Float>(count: entries.count * d) { buffer in
            let rows = SharedRows(buffer, columns: d)
            Parallel.forEach(count: passages.count) { passage in
                let source = passages[passage]
                let first = entries.entries(of: Int32(passage)).lowerBound
                guard let sentences = stored[source.segment] else {
                    dense[source.segment].copy(Int32(source.place), into: rows[first])
                    return
                }
                for (place, sentence) in sentences.owners.entries(of: Int32(source.place)).enumerated() {
                    sentences.codes.copy(Int32(sentence), into: rows[first + place])
                }
            }
        }
        try coding.write(sentences: vectors, of: entries, dimension: d, draft, clock)
    }
}
