import Engine
import FMIndex
import Fields
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Synchronization

/// The passages of segments that are written anew, in their order, without those that are deleted.
struct StoredPassages: SegmentSource {
    /// Where the passages of the segment that was read last come from, for the stages that copy of them.
    final class Copied: Sendable {
        let index: IndexReader
        private let sources = Mutex<[(segment: Int, place: Int)]>([])

        init(_ index: IndexReader) { self.index = index }

        var passages: [(segment: Int, place: Int)] {
            get { sources.withLock { $0 } }
            set { sources.withLock { $0 = newValue } }
        }
    }

    let copied: Copied
    private let index: IndexReader
    private let budget: SegmentBudget
    private let analyzer: TermAnalyzer
    private let places: [(segment: Int, place: Int)]
    private var next = 0

    init(_ index: IndexReader, segments: [Int], budget: SegmentBudget) throws {
        self.index = index
        self.budget = budget
        copied = Copied(index)
        analyzer = try index.components(SparseIndex.self)[0].analyzer
        let living = try index.living()
        places = segments.flatMap { segment in
            (0..<index.snapshot.segments[segment].record.passages)
                .filter { living[segment]?.contains($0) ?? true }.map { (segment, $0) }
        }
    }

    var hasMore: Bool { next < places.count }

    /// When passages came, segment by segment; of one whose passages came at several times, as if in their order.
    private func ages(of passages: ArraySlice<(segment: Int, place: Int)>) -> [SegmentRecord.Age] {
        var counts: [Int: Int] = [:]
        for (segment, place) in passages {
            var end = 0
            let ages = index.manifest.segments[segment].ages ?? []
            let age = ages.first {
                end += $0.passages; return place < end
            }
            counts[age?.generation ?? 1, default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { .init(generation: $0.key, passages: $0.value) }
    }

    mutating func readSegment(_ draft: SegmentDraft, clock: WorkClock) throws -> FMIndexBuilder {
        let ngrams = try index.components(FMIndex.self)
        let stores = try index.components(PassageStore.self)
        let stored = try index.value(IndexFields.self)
        var tokens = FMIndexBuilder(
            documentEnd: ngrams[0].documentEnd, titleEnd: ngrams[0].titleEnd, queryStart: ngrams[0].queryStart)
        var writer = try PassageWriter(draft, analyzer)
        let start = next
        var buffer: [Int32] = []
        while hasMore {
            let (segment, place) = places[next]
            next += 1
            let (title, text) = try stores[segment].texts.passage(place)
            try writer.add(
                id: stores[segment].ids[place], title: title, text: text,
                fields: stored.json(of: index.places.global(Int32(place), in: segment)))
            ngrams[segment].extract(place, into: &buffer)
            tokens.add(stored: buffer)
            writer.load.tokens = tokens.tokenCount
            if budget.share(writer.load) >= 1 { break }
            if writer.load.passages % 256 == 0 {
                try clock.update(
                    count: writer.load.passages, fraction: Double(next - start) / Double(places.count - start))
            }
        }
        copied.passages = Array(places[start..<next])
        draft.ages = ages(of: places[start..<next])
        let count = writer.load.passages
        try writer.finish()
        try clock.update(count: count, fraction: 1)
        return tokens
    }
}

/// The vectors of passages that are written anew: those that they have.
struct CopiedVectors: SegmentStage {
    private let copied: StoredPassages.Copied
    private let coding: VectorCoding

    init(_ copied: StoredPassages.Copied, _ coding: VectorCoding) { (self.copied, self.coding) = (copied, coding) }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        guard copied.index.manifest.vectorDimension != nil else { return }
        try clock.begin("vectors", unit: "passages")
        let stored = try copied.index.components(DenseIndex.self)
        let d = stored[0].dimension
        guard stored.allSatisfy({ $0.dimension == d }) else {
            throw EngineError.mismatch(path: copied.index.path, what: "its segments have vectors of different lengths")
        }
        let passages = copied.passages
        let vectors = FrozenArray<Float>(count: passages.count * d) { buffer in
            for (row, source) in passages.enumerated() {
                stored[source.segment].copy(
                    Int32(source.place), into: UnsafeMutableBufferPointer(rebasing: buffer[row * d..<(row + 1) * d]))
            }
        }
        let encoded = PlaceSet(capacity: passages.count) {
            stored[passages[$0].segment].isEncoded(Int32(passages[$0].place))
        }
        try coding.write(vectors, dimension: d, encoded: encoded, draft, clock)
    }
}

/// Where passages that are written anew stood, for the parts of the index that count them there.
struct OriginsStage: SegmentStage {
    private let copied: StoredPassages.Copied

    init(_ copied: StoredPassages.Copied) { self.copied = copied }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        let manifest = copied.index.manifest
        // Generators and encoders count no passages; who does may be one of your own.
        guard manifest.parts.contains(where: { !Self.countless.contains($0.kind) }) else { return }
        let older = Set(manifest.parts.compactMap(\.segments).joined().map(\.folder))
        var before: [Int: [Int: [PassageOrigins.Origin]]] = [:]
        for (segment, snapshot) in copied.index.snapshot.segments.enumerated() where snapshot.has(PassageOrigins.self) {
            try snapshot.component(PassageOrigins.self).forEach { passage, origin in
                // What no part counts any more is forgotten.
                if older.contains(origin.segment) { before[segment, default: [:]][passage, default: []].append(origin) }
            }
        }
        let names = manifest.segments.map(\.files.folder)
        let origins = copied.passages.map { source in
            [PassageOrigins.Origin(segment: names[source.segment], place: Int32(source.place))]
                + (before[source.segment]?[source.place] ?? [])
        }
        try PassageOrigins.write(origins, to: draft.writer(PassageOrigins.self))
    }

    private static let countless: Set<ComponentID> = [
        "tokenizer", "generator", "query-encoder", StaticEncoderPart.kind, FolderPart.kind, InteractionPart.kind,
    ]
}
