import Docids
import Engine
import FMIndex
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Tensors
import Transformers

/// The sentences of a small index's passages: with the vectors at hand, but encoded anew where a passage lost its query.
struct SampleSentences {
    let index: IndexReader
    /// The passage of the whole index that each of the small one comes from.
    let sources: [PassageIndex]
    /// Passages of the small index that lost their queries.
    let rewritten: Set<Int>

    /// Writes them, where the whole index has some.
    ///
    /// - Parameter vectors: of the small index's passages, [passages × dimension].
    func write(_ vectors: FrozenArray<Float>, _ coding: VectorCoding, _ encoder: SentenceEncoder, _ draft: SegmentDraft)
        throws
    {
        let segments = index.snapshot.segments
        guard segments.contains(where: { $0.has(SentenceCodes.self) }),
            let texts = try SegmentSentences(draft.component(PassageStore.self))
        else { return }
        let stored = try segments.map { $0.has(SentenceCodes.self) ? try $0.component(SentenceCodes.self) : nil }
        let d = encoder.dimension
        let sentences = try FrozenArray<Float>(count: texts.owners.count * d) { buffer in
            let rows = SentenceRows(owners: texts.owners, rows: SharedRows(buffer, columns: d))
            try encode(texts, rows, encoder, draft)
            Parallel.forEach(count: sources.count) { row in
                var own = vectors.slice(row * d..<(row + 1) * d).toArray()
                own.withUnsafeMutableBufferPointer { own in
                    if rewritten.contains(row) { return rows.mix(row, with: own) }
                    let (segment, local) = index.places.locate(sources[row])
                    let known = stored[segment]?.owners.entries(of: local) ?? 0..<0
                    for sentence in 0..<texts.owners.entries(of: Int32(row)).count {
                        guard let target = rows[row, sentence] else { continue }
                        if sentence < known.count {
                            stored[segment]?.codes.copy(Int32(known.lowerBound + sentence), into: target)
                        } else {
                            _ = target.update(fromContentsOf: own)
                        }
                    }
                }
            }
        }
        try coding.write(sentences: sentences, of: texts.owners, dimension: d, draft, WorkClock(.silent))
    }

    /// The sentences of what lost its queries, before they are mixed with their passages.
    private func encode(
        _ texts: SegmentSentences, _ rows: SentenceRows, _ encoder: SentenceEncoder, _ draft: SegmentDraft
    ) throws {
        let passages = PassageTokens(try draft.component(FMIndex.self), encoder)
        let kinds = try index.value(PassageVectorKinds.self)
        let table = kinds.hasStatic ? try index.value(IndexStaticEncoder.self).encoder : nil
        var encoded: [Int] = []
        for row in rewritten.sorted() {
            if let table, !kinds.isEncoded(sources[row]) {
                texts.encode(row, encoder, table, into: rows)
            } else {
                encoded.append(row)
            }
        }
        WindowEncoding(encoder: encoder, windows: { texts.windows($0, passages) }, passage: nil, sentences: rows)
            .run(encoded)
    }
}
