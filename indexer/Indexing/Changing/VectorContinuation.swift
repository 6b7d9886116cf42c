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

/// Puts the encoder's own vectors in the place of an index's static ones, the most promising passages first.
///
/// It works in rounds, and each ends with a commit: whatever ends the process, no more than a round is lost, and the next call goes
/// on. Searches see every round. At the end the fusion weights are estimated anew, for the vectors that there are by then.
public struct VectorContinuation {
    /// The index's folder.
    public let index: URL
    public var models: ModelCache
    public var monitor = WorkMonitor.silent
    public var budget = EncoderBudget.all
    /// Passages of a round; nil: a fiftieth of those with static vectors, and 10,000 at least.
    public var round: Int?
    /// What the index changes through; another than the machine's own in tests.
    package var files: any FileSystem = LocalFileSystem()

    public init(_ index: String, models: ModelCache = .standard) {
        self.index = URL(filePath: index)
        self.models = models
    }

    public struct Report: Sendable {
        /// Passages that were encoded.
        public var encoded = 0
        /// Passages that have static vectors still.
        public var left = 0
        public var manifest: IndexManifest
        /// Of the whole work.
        public var seconds = 0.0
    }

    /// - Throws: ``EngineError`` where the encoder is missing or another; what the index throws. What earlier rounds committed stays.
    public func run() throws -> Report {
        let start = ContinuousClock.now
        let clock = WorkClock(monitor)
        var reader = try IndexReader.open(index.path, models: models)
        let single = try reader.value(IndexEncoder.self)
        let encoder = try PassageEncoder.of(reader)
        var report = Report(manifest: reader.manifest)
        var queue = try PromisingPassages(reader).order
        let round = round ?? max(10_000, queue.count / 50)
        var left = budget
        while !queue.isEmpty, left.left(after: 0, 0) > 0 {
            let begin = ContinuousClock.now
            var transaction = try IndexTransaction(index, files: files)
            let now = IndexReader(try transaction.preview(), models: models)
            now.preload(single)
            // Somebody else may have changed the index since the last round.
            if now.manifest.contentDigest != reader.manifest.contentDigest { queue = try PromisingPassages(now).order }
            reader = now
            let next = Array(queue.prefix(min(round, left.left(after: 0, 0))))
            let done = try encode(next, left, reader, encoder, &transaction, clock)
            guard done > 0 else { break }
            report.manifest = try transaction.commit().manifest
            left.spend(done, (ContinuousClock.now - begin) / .seconds(1))
            report.encoded += done
            queue.removeFirst(done)
        }
        report.left = queue.count
        if report.encoded > 0 { report.manifest = try estimate() ?? report.manifest }
        clock.finish()
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }

    /// One round: encodes passages, in their order, as long as the budget lasts.
    ///
    /// - Returns: how many were encoded.
    private func encode(
        _ queue: [PassageIndex], _ budget: EncoderBudget, _ reader: IndexReader, _ encoder: SentenceEncoder,
        _ transaction: inout IndexTransaction, _ clock: WorkClock
    ) throws -> Int {
        let tokens = try reader.components(FMIndex.self).map { PassageTokens($0, encoder) }
        let places = queue.map { reader.places.locate($0) }
        try clock.begin("vectors", unit: "passages")
        let start = ContinuousClock.now
        let d = encoder.dimension
        var fresh = try FreshVectors(places, reader, d)
        var done = 0
        while done < queue.count, budget.left(after: done, (ContinuousClock.now - start) / .seconds(1)) > 0 {
            let end = min(queue.count, done + VectorStage.slice)
            fresh.encode(done..<end, tokens, encoder)
            done = end
            try clock.update(count: done, fraction: Double(done) / Double(queue.count))
        }
        let coding = VectorCoding(IndexOptions(reader.manifest.options))
        let stored = try reader.value(IndexTokenCoder.self).coder.map { try reader.tokenCodes(of: $0) }
        let bySegment = Dictionary(grouping: 0..<done) { places[$0].segment }
        for (segment, rows) in bySegment.sorted(by: { $0.key < $1.key }) {
            let draft = SegmentDraft(try transaction.stage(), stamp: nil)
            let changed = rows.map { (place: places[$0].local, row: $0) }
            try renew(reader.snapshot.segments[segment], changed, fresh.passages, coding, draft)
            try fresh.renewSentences(of: reader.snapshot.segments[segment], changed, coding, draft)
            try fresh.renewTokens(of: reader.snapshot.segments[segment], stored?[segment], changed, draft)
            try transaction.renew(draft.folder, ofSegment: segment)
        }
        return done
    }

    /// Writes a segment's vectors with some others in their places.
    private func renew(
        _ segment: SegmentSnapshot, _ changed: [(place: Int32, row: Int)], _ fresh: Matrix, _ coding: VectorCoding,
        _ draft: SegmentDraft
    ) throws {
        let stored = try segment.component(DenseIndex.self)
        let d = stored.dimension
        let rows = Dictionary(uniqueKeysWithValues: changed)
        let vectors = FrozenArray<Float>(count: stored.count * d) { buffer in
            let target = SharedRows(buffer, columns: d)
            Parallel.forEach(count: stored.count) { place in
                if let row = rows[Int32(place)] {
                    _ = target[place].update(fromContentsOf: fresh.row(row))
                } else {
                    stored.copy(Int32(place), into: target[place])
                }
            }
        }
        let encoded = PlaceSet(capacity: stored.count) { stored.isEncoded(Int32($0)) || rows[Int32($0)] != nil }
        try coding.write(vectors, dimension: d, encoded: encoded, draft, WorkClock(.silent))
    }

    /// Estimates the fusion weights anew, where the index has some.
    private func estimate() throws -> IndexManifest? {
        var transaction = try IndexTransaction(index, files: files)
        guard let manifest = transaction.manifest, manifest.estimates.contains(where: { $0.id == FusionEstimation.id })
        else { return nil }
        let options = IndexOptions(manifest.options)
        guard options.pseudoQueries > 0 else { return nil }
        _ = try FusionEstimation.enter(
            .init(count: options.pseudoQueries, seed: options.seed), in: &transaction, models, monitor)
        // It was made with the weights that were before.
        if manifest.estimates.contains(where: { $0.id == RerankEstimation.id }) {
            let clock = WorkClock(monitor)
            try RerankEstimation.enterWhereCheap(
                .init(count: options.pseudoQueries, seed: options.seed), in: &transaction,
                IndexReader(try transaction.preview(), models: models), clock)
            clock.finish()
        }
        return try transaction.commit().manifest
    }
}
