import Docids
import Engine
import IndexStore
import Memory
import Ranking

/// How a segment's vectors are stored, and the docids that they give.
struct VectorCoding {
    private let options: IndexOptions

    init(_ options: IndexOptions) { self.options = options }

    /// Codebooks are learned from so many vectors at most.
    private static let sample = 50_000

    /// Writes vectors, [passages × dimension], and their docids.
    ///
    /// - Parameter encoded: the passages whose vectors are the encoder's own; nil for all.
    func write(
        _ vectors: FrozenArray<Float>, dimension: Int, encoded: PlaceSet?, _ draft: SegmentDraft, _ clock: WorkClock
    ) throws {
        if options.vectorProfile != .float32 { try clock.begin("vector codes", unit: "passages") }
        let dense = dense(vectors, dimension: dimension, encoded: encoded)
        try dense.write(to: draft.writer(DenseIndex.self))
        if dense.codes == nil { try clock.begin("docid tree", unit: "passages") }
        try docids(vectors, of: dense, quantised: options.hasQuantisedDocids)?.write(
            to: draft.writer(SegmentDocids.self))
    }

    /// Whether docids lead to sentences.
    var hasSentences: Bool { options.sentenceDocids }

    /// Writes the vectors of sentences, [sentences × dimension].
    func write(
        sentences vectors: FrozenArray<Float>, of owners: EntryPassages, dimension: Int, _ draft: SegmentDraft,
        _ clock: WorkClock
    ) throws {
        try clock.begin("sentence docids", unit: "sentences")
        let (fanout, leafSize) = options.sentenceTree
        var builder = LeafCodesBuilder(fanout: fanout, leafSize: leafSize, seed: options.seed)
        builder.hasSigns = false
        builder.width = options.vectorProfile == .float32 ? .byte : .nibble
        let codes = builder.build(vectors: vectors, dimension: dimension)
        try SentenceCodes(codes: codes, owners: owners).write(to: draft.writer(SentenceCodes.self))
        try clock.update(count: owners.count, fraction: 1)
    }

    func dense(_ vectors: FrozenArray<Float>, dimension: Int, encoded: PlaceSet?) -> DenseIndex {
        guard options.vectorProfile != .float32 else {
            return DenseIndex(vectors: vectors, dimension: dimension, encoded: encoded)
        }
        let (fanout, leafSize) = options.docidTree(passages: vectors.count / dimension)
        var builder = LeafCodesBuilder(fanout: fanout, leafSize: leafSize, seed: options.seed)
        builder.width = options.vectorProfile == .int4 ? .nibble : .byte
        return DenseIndex(codes: builder.build(vectors: vectors, dimension: dimension), encoded: encoded)
    }

    /// The docids that are stored apart from the vectors; nil where there are none.
    func docids(_ vectors: FrozenArray<Float>, of dense: DenseIndex, quantised isQuantised: Bool) -> SegmentDocids? {
        guard dense.codes == nil || isQuantised else { return nil }
        let (fanout, leafSize) = options.docidTree(passages: dense.count)
        let tree =
            dense.codes == nil
            ? DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: options.seed)
                .build(vectors: vectors, dimension: dense.dimension) : nil
        return SegmentDocids(tree: tree, quantised: isQuantised ? quantised(vectors, dense.dimension) : nil)
    }

    private func quantised(_ vectors: FrozenArray<Float>, _ dimension: Int) -> SegmentDocids.Quantised {
        let count = vectors.count / dimension
        var learned = vectors
        if count > Self.sample {
            var random = SeededGenerator(seed: options.seed)
            let rows = random.sample(Self.sample, of: count)
            learned = FrozenArray(count: rows.count * dimension) { buffer in
                for (row, from) in rows.enumerated() {
                    (buffer.baseAddress.map { $0 + row * dimension })?.update(
                        from: vectors.unsafeBase + Int(from) * dimension, count: dimension)
                }
            }
        }
        let quantiser = ResidualQuantiser.train(
            vectors: learned, dimension: dimension, levels: options.quantiserLevels,
            codewords: options.quantiserCodewords, seed: options.seed)
        let trie = DocidTrie(codes: quantiser.encode(vectors: vectors), depth: quantiser.levelCount)
        return .init(quantiser: quantiser, trie: trie)
    }
}
