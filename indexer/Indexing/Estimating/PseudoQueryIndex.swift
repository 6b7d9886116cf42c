import Docids
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Tensors
import Transformers

/// A small index of passages that lost the parts that their pseudo-queries are, beside a sample of all others: the
/// retrievers run over it as they would for a user, and every query has one passage that answers it.
struct PseudoQueryIndex {
    let reader: IndexReader
    let queries: [(text: String, passage: PassageIndex, family: String)]
    private let folder: StagingFolder

    /// The most passages in the small index.
    static let sampleSize = 20_000

    /// Makes the index in a hidden folder, with the generator and the query encoder of the whole one.
    init(_ index: IndexReader, _ options: EstimationQueries, beside place: URL, _ clock: WorkClock) throws {
        folder = try StagingFolder(
            in: FileManager.default.temporaryDirectory, prefix: "genret-estimate-")
        do {
            let living = try index.livingPlaces()
            let pseudo = try PseudoQueries(count: options.count, documents: living.count, seed: options.seed) {
                let text = try index.passage(PassageIndex(living[$0]))
                return (text.title, text.text)
            }
            var draft = try SampleDraft(index, living, pseudo, seed: options.seed)
            let (snapshot, positions) = try draft.write(to: folder.url, clock)
            reader = IndexReader(snapshot, models: index.models, precision: index.precision)
            if index.manifest.encoder != nil { reader.preload(try index.value(IndexEncoder.self)) }
            queries = pseudo.items.compactMap { item in
                positions[item.document].map { (item.query, PassageIndex($0), "\(item.kind)") }
            }
        } catch {
            folder.discard()
            throw error
        }
    }

    func discard() { folder.discard() }
}

/// The passages of a small index as they are written.
private struct SampleDraft {
    private let index: IndexReader
    private let options: IndexOptions
    /// The passages that are not deleted; the others' numbers here are their places in it.
    private let living: [Int32]
    private let changed: [Int: PseudoQueries.Item]
    private let sample: [Int]

    init(_ index: IndexReader, _ living: [Int32], _ pseudo: PseudoQueries, seed: UInt64) throws {
        self.index = index
        self.living = living
        options = IndexOptions(index.manifest.options)
        changed = Dictionary(uniqueKeysWithValues: pseudo.items.map { ($0.document, $0) })
        sample = Self.sampled(living.count, always: Set(changed.keys), seed: seed)
    }

    /// All passages when they are few, else a seeded sample that holds those of pseudo-queries.
    private static func sampled(_ count: Int, always: Set<Int>, seed: UInt64) -> [Int] {
        guard count > PseudoQueryIndex.sampleSize else { return Array(0..<count) }
        var random = SeededGenerator(seed: seed &+ 1)
        var chosen = always
        while chosen.count < PseudoQueryIndex.sampleSize { chosen.insert(Int.random(in: 0..<count, using: &random)) }
        return chosen.sorted()
    }

    /// Writes one segment with all that retrievers read.
    ///
    /// - Returns: the index, and where the passages of pseudo-queries stand in it.
    mutating func write(to root: URL, _ clock: WorkClock) throws -> (IndexSnapshot, [Int: Int]) {
        let tokenizer = try index.value(IndexTokenizer.self)
        let vocabulary = try PassageTokenizer(tokenizer.tokenizer)
        var tokens = FMIndexBuilder(documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd)
        var terms = SparseIndexBuilder(analyzer: options.analyzer)
        var positions: [Int: Int] = [:]
        var rewritten: [(row: Int, tokens: [Int32])] = []
        var builder = try SnapshotBuilder(root, of: index.snapshot)
        let passages = try builder.folder.writer(PassageStore.fileName, kind: PassageStore.fileKind)
        var texts = try DocumentStoreWriter(passages)
        for (row, document) in sample.enumerated() {
            let text: (title: String, text: String)
            if let item = changed[document] {
                text = (item.title, item.text)
                positions[document] = row
            } else {
                let stored = try index.passage(PassageIndex(living[document]))
                text = (stored.title, stored.text)
            }
            let (title, body) = (vocabulary.tokens(text.title), vocabulary.tokens(text.text))
            tokens.add(title: title, body: body)
            terms.add(title: text.title, text: text.text)
            try texts.add(title: text.title, text: text.text)
            if changed[document] != nil { rewritten.append((row, title + body)) }
        }
        try texts.finish()
        try StringList.write(sample.map(String.init), to: passages, prefix: PassageStore.idsPrefix)
        try passages.finish()
        let count = tokens.tokenCount
        let ngrams = try builder.folder.writer(FMIndex.fileName, kind: FMIndex.fileKind)
        try tokens.write(to: ngrams)
        try ngrams.finish()
        try terms.write(to: builder.folder.writer(SparseIndex.fileName, kind: SparseIndex.fileKind))
        if index.manifest.encoder != nil { try writeVectors(rewritten, builder.folder) }
        return (try builder.finish(passages: sample.count, tokens: count), positions)
    }

    /// The vectors of passages that lost their queries, made as the whole index made theirs.
    private func freshVectors(
        _ rewritten: [(row: Int, tokens: [Int32])], _ encoder: SentenceEncoder
    ) throws -> Matrix {
        let ngrams = NgramTokenizer(encoder.tokenizer)
        let texts = rewritten.map { ngrams.known($0.tokens) }
        let kinds = try index.value(PassageVectorKinds.self)
        var vectors = encoder.encodeAll(tokens: texts.map { encoder.framed($0) })
        guard kinds.hasStatic, let standIn = try index.value(IndexStaticEncoder.self).encoder else { return vectors }
        vectors.withUnsafeMutableBuffer { buffer in
            let rows = SharedRows(buffer, columns: encoder.dimension)
            for (row, item) in rewritten.enumerated()
            where !kinds.isEncoded(PassageIndex(living[sample[item.row]])) {
                standIn.encode(encoder.cut(texts[row]), into: rows[row])
            }
        }
        return vectors
    }

    /// The sample's vectors: those at hand, but encoded anew where the passage lost its query; and their tree.
    private func writeVectors(_ rewritten: [(row: Int, tokens: [Int32])], _ folder: StagedFolder) throws {
        let encoder = try index.value(IndexEncoder.self).encoder
        let fresh = try freshVectors(rewritten, encoder)
        let stored = try index.components(DenseIndex.self)
        let d = encoder.dimension
        let vectors = FrozenArray<Float>(count: sample.count * d) { buffer in
            for (row, document) in sample.enumerated() {
                let (segment, local) = index.places.locate(PassageIndex(living[document]))
                stored[segment].copy(
                    local, into: UnsafeMutableBufferPointer(rebasing: buffer[row * d..<(row + 1) * d]))
            }
            for (position, item) in rewritten.enumerated() {
                for (i, value) in fresh.row(position).enumerated() { buffer[item.row * d + i] = value }
            }
        }
        let kinds = try index.value(PassageVectorKinds.self)
        let encoded = PlaceSet(capacity: sample.count) { kinds.isEncoded(PassageIndex(living[sample[$0]])) }
        let coding = VectorCoding(options)
        let dense = coding.dense(vectors, dimension: d, encoded: encoded)
        try dense.write(to: folder.writer(DenseIndex.fileName, kind: DenseIndex.fileKind))
        try coding.docids(vectors, of: dense, quantised: false)?
            .write(to: folder.writer(SegmentDocids.fileName, kind: SegmentDocids.fileKind))
        let sentences = SampleSentences(
            index: index, sources: sample.map { PassageIndex(living[$0]) }, rewritten: Set(rewritten.map(\.row)))
        try sentences.write(vectors, coding, encoder, SegmentDraft(folder, stamp: nil))
    }
}
