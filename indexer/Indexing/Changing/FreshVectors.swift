import Docids
import Engine
import IndexStore
import Memory
import Ranking
import Tensors
import Transformers

/// The encoder's own vectors of some passages of an index and of their sentences, before they take the place of static ones.
struct FreshVectors {
    /// [passages × dimension].
    private(set) var passages: Matrix
    private var sentences: Matrix
    /// Of the passages in this order; one of a segment without sentences has a place that nobody reads.
    private let owners: EntryPassages
    private let places: [(segment: Int, local: Int32)]
    /// The sentences of each segment; nil where it has none.
    private let texts: [SegmentSentences?]

    /// What codes the passages' tokens; nil where the index keeps none.
    private let coder: TokenCoder?
    /// The codes of the passages that were encoded; they are in order.
    private var codes: [[UInt8]] = []

    init(_ places: [(segment: Int, local: Int32)], _ index: IndexReader, _ dimension: Int) throws {
        self.places = places
        coder = try index.value(IndexTokenCoder.self).coder
        texts = try index.snapshot.segments.map { segment in
            guard segment.has(SentenceCodes.self) else { return nil }
            return SegmentSentences(
                try segment.component(PassageStore.self), try segment.component(SentenceCodes.self).owners)
        }
        var entries: [Int32] = []
        for (item, place) in places.enumerated() {
            let count = texts[place.segment]?.owners.entries(of: place.local).count ?? 1
            entries += repeatElement(Int32(item), count: count)
        }
        guard let owners = EntryPassages(FrozenArray(entries), passageCount: places.count) else {
            preconditionFailure("every passage has an entry")
        }
        self.owners = owners
        passages = Matrix(rows: places.count, columns: dimension)
        sentences = Matrix(rows: owners.count, columns: dimension)
    }

    /// Encodes some of the passages.
    mutating func encode(_ range: Range<Int>, _ tokens: [PassageTokens], _ encoder: SentenceEncoder) {
        let collector = coder.map { TokenCollector(.codes($0)) }
        let (places, texts, owners) = (places, texts, owners)
        passages.withUnsafeMutableBuffer { buffer in
            let rows = SharedRows(buffer, columns: encoder.dimension)
            sentences.withUnsafeMutableBuffer { buffer in
                let own = SentenceRows(owners: owners, rows: SharedRows(buffer, columns: encoder.dimension))
                WindowEncoding(
                    encoder: encoder,
                    windows: { item in
                        let (segment, local) = places[item]
                        return texts[segment]?.windows(Int(local), tokens[segment])
                            ?? [SentenceWindow(tokens: tokens[segment].framed(Int(local)), isPassage: true)]
                    }, passage: { rows[$0] }, sentences: own, tokens: collector
                ).run(Array(range))
            }
        }
        if let collector { codes += collector.take(range.map(Int32.init)[...]).map(\.codes) }
    }

    /// Writes the vectors of a segment's sentences with those of some passages in their places.
    ///
    /// - Parameter changed: passages of the segment with their rows here.
    func renewSentences(
        of segment: SegmentSnapshot, _ changed: [(place: Int32, row: Int)], _ coding: VectorCoding,
        _ draft: SegmentDraft
    ) throws {
        guard segment.has(SentenceCodes.self) else { return }
        let stored = try segment.component(SentenceCodes.self)
        let d = stored.dimension
        let (sentences, owners) = (sentences, owners)
        let vectors = FrozenArray<Float>(count: stored.owners.count * d) { buffer in
            let target = SharedRows(buffer, columns: d)
            Parallel.forEach(count: stored.owners.count) { stored.codes.copy(Int32($0), into: target[$0]) }
            for (place, row) in changed {
                for (own, fresh) in zip(stored.owners.entries(of: place), owners.entries(of: Int32(row))) {
                    _ = target[own].update(fromContentsOf: sentences.row(fresh))
                }
            }
        }
        try coding.write(sentences: vectors, of: stored.owners, dimension: d, draft, WorkClock(.silent))
    }

    /// Writes the token codes of a segment with those of some passages behind them.
    func renewTokens(
        of segment: SegmentSnapshot, _ stored: TokenCodes?, _ changed: [(place: Int32, row: Int)], _ draft: SegmentDraft
    ) throws {
        guard let coder else { return }
        draft.passages = segment.record.passages
        var writer = try TokenCodesWriter(draft, coder)
        var left = Set(changed.map(\.place))
        for place in 0..<Int32(stored?.count ?? 0) where !left.contains(place) {
            try stored?.withCodes(of: place) { try writer.add(place, $0) }
        }
        for (place, row) in changed where left.remove(place) != nil {
            try codes[row].withUnsafeBufferPointer { try writer.add(place, $0) }
        }
        try writer.finish()
    }
}
