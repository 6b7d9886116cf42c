import Engine
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Transformers

/// Makes one index of several that were built alike: their segments, one after the other, as they are.
///
/// Nothing is read, encoded or sorted anew; files are copied, with what is deleted of them. BM25 and dense scores and the
/// counts of n-grams are those of an index that was built of all their passages. What was trained or estimated for one of
/// them is left out where it does not hold for all.
public struct IndexMerge {
    public let parts: [URL]
    public let destination: URL
    /// Which passage stays where two indexes have one of the same id; nil: that is an error.
    public var preference: Preference?
    /// What all of them were built by, and what the index gets its generator and its estimates from; nil: they are checked against
    /// each other.
    public var plan: BuildPlan?
    public var models: ModelCache
    public var monitor = WorkMonitor.silent
    /// Whether nothing is done but to say what would be.
    public var isDryRun = false
    /// What the index is written through; another than the machine's own in tests.
    package var files: any FileSystem = LocalFileSystem()

    public enum Preference: String, Sendable, CaseIterable {
        case first, last
    }

    public init(_ parts: [String], destination: String, models: ModelCache = .standard) {
        self.parts = parts.map { URL(filePath: $0) }
        self.destination = AtomicDirectory.followed(URL(filePath: destination))
        self.models = models
    }

    public struct Report: Sendable {
        public var passages = 0
        public var segments = 0
        /// Passages that gave way to others of the same ids.
        public var outvoted = 0
        /// Parts and estimates that the index has from all of them.
        public var kept: [ComponentID] = []
        /// Those that only hold for one of them.
        public var dropped: [ComponentID] = []
        /// Nil in a dry run.
        public var manifest: IndexManifest?
        public var seconds = 0.0
    }

    /// Checks all, and writes the index.
    ///
    /// - Throws: ``IndexingError/notAlike(path:first:what:)``, ``IndexingError/passageInTwo(id:first:second:)``,
    ///   ``IndexingError/destinationTaken(path:)``; what reading throws. Nothing is then written.
    public func run() throws -> Report {
        let start = ContinuousClock.now
        let clock = WorkClock(monitor)
        try checkDestination()
        guard !parts.isEmpty else { throw IndexingError.nothingToMerge(destination: destination.path) }
        // Held to the end, so that no writer removes what is copied.
        let readers = try parts.map {
            IndexReader(try IndexSnapshot.open(AtomicDirectory.followed($0)), models: models)
        }
        let paths = parts.map(\.relativePath)
        try readers.forEach { try plan?.check($0) }
        let planned = plan.map { [(reader: $0.reader, path: $0.path)] } ?? []
        try IndexLikeness(planned.map(\.reader) + readers, paths: planned.map(\.path) + paths, clock).check()
        let outvoted = try IndexLikeness(readers, paths: paths, clock).outvoted(preference)
        var report = Report()
        let sources = plan.map { [$0.reader] } ?? readers
        let parts = sharedParts(sources)
        let estimates = sharedEstimates(sources, parts: parts)
        report.kept = parts.map(\.record.kind) + estimates.map(\.id)
        report.dropped = Self.dropped(readers, kept: Set(report.kept))
        report.outvoted = outvoted.count
        report.segments = Self.segments(of: readers).count
        report.passages = readers.reduce(0) { $0 + $1.manifest.passages } - outvoted.count
        if !isDryRun {
            report.manifest = try write(readers, parts, estimates, outvoted, clock)
            report.segments = report.manifest?.segments.count ?? 0
        }
        clock.finish()
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }

    /// An empty folder is as good as none.
    private func checkDestination() throws(IndexingError) {
        guard !destination.lastPathComponent.isEmpty, destination.path != "/" else { throw .unnamed }
        guard FileManager.default.fileExists(atPath: destination.path) else { return }
        let names = try? FileManager.default.contentsOfDirectory(atPath: destination.path)
        guard names?.isEmpty ?? false else {
            throw .destinationTaken(path: destination.path)
        }
    }

    /// Segments of which something is left; the first where nothing is.
    private static func segments(of readers: [IndexReader]) -> [SegmentSnapshot] {
        let living = readers.flatMap { $0.snapshot.segments.filter { $0.record.living > 0 } }
        return living.isEmpty ? Array(readers[0].snapshot.segments.prefix(1)) : living
    }

    // MARK: - What is kept

    /// The parts that all indexes have and that count no passages; and what one of them alone remembers of a folder.
    private func sharedParts(_ readers: [IndexReader]) -> [PartFolder] {
        let countless: Set<ComponentID> = [
            TokenizerPart.kind, StaticEncoderPart.kind, GeneratorPart.kind, QueryEncoderPart.kind,
            InteractionPart.kind,
        ]
        let shared = readers[0].manifest.parts.filter { part in
            countless.contains(part.kind) && readers.allSatisfy { $0.manifest.part(part.kind)?.sha256 == part.sha256 }
        }
        let following = readers.filter { $0.manifest.part(FolderPart.kind) != nil }
        let folder = following.count == 1 ? try? following[0].snapshot.folder(of: FolderPart.kind) : nil
        return shared.compactMap { try? readers[0].snapshot.folder(of: $0.kind) } + (folder.map { [$0] } ?? [])
    }

    /// Constants that came with a generator that all have; weights were estimated on queries of one index and do not hold
    /// for others.
    private func sharedEstimates(_ readers: [IndexReader], parts: [PartFolder]) -> [EstimateRecord] {
        let kept = Set(parts.map(\.record.kind))
        return readers[0].manifest.estimates.filter { estimate in
            // A plan's are estimated for the whole.
            let isKept =
                (plan != nil || estimate.id == .keyConstants && estimate.queries == 0)
                && estimate.inputs.allSatisfy { input in
                    input.sha256 == nil || kept.contains(input.kind)
                }
            return isKept
                && readers.allSatisfy { reader in
                    reader.manifest.estimates.contains { $0.sha256 == estimate.sha256 && reader.manifest.isValid($0) }
                }
        }
    }

    private static func dropped(_ readers: [IndexReader], kept: Set<ComponentID>) -> [ComponentID] {
        let all = readers.flatMap { $0.manifest.parts.map(\.kind) + $0.manifest.estimates.map(\.id) }
        return Set(all).subtracting(kept).sorted()
    }

    // MARK: - Writing

    private func write(
        _ readers: [IndexReader], _ parts: [PartFolder], _ estimates: [EstimateRecord],
        _ outvoted: [PassageIndex], _ clock: WorkClock
    ) throws -> IndexManifest {
        try clock.begin("copying", unit: "segments")
        // A folder that is not empty stays where it is.
        if FileManager.default.fileExists(atPath: destination.path) { try files.removeFolder(destination.path) }
        var transaction = try IndexTransaction(creating: destination, files: files)
        transaction.replaceAll(by: manifest(readers))
        let segments = Self.segments(of: readers)
        for (done, segment) in segments.enumerated() {
            try copy(segment, to: &transaction, at: done)
            try clock.update(count: done + 1, fraction: Double(done + 1) / Double(segments.count))
        }
        for part in parts {
            let folder = try transaction.stage()
            try part.copy(to: folder)
            try transaction.addPart(part.record, folder)
        }
        for estimate in estimates { transaction.addEstimate(estimate) }
        try delete(outvoted, in: &transaction, clock)
        let names = transaction.manifest?.segments.map(\.files.folder) ?? []
        guard Set(names).count == names.count else { throw IndexingError.sharedSegment(path: destination.path) }
        return try transaction.commit().manifest
    }

    private func copy(
        _ segment: SegmentSnapshot, to transaction: inout IndexTransaction, at place: Int
    ) throws {
        let folder = try transaction.stage()
        try segment.copy(to: folder)
        try transaction.addSegment(
            folder, passages: segment.record.passages, tokens: try IndexLikeness.tokens(of: segment))
        if segment.record.renewed != nil {
            let fresh = try transaction.stage()
            try segment.copyRenewed(to: fresh)
            try transaction.renew(fresh, ofSegment: place)
        }
        guard let deleted = segment.record.deleted else { return }
        let places = try transaction.stage()
        try segment.copyDeleted(to: places)
        try transaction.setDeleted(places, ofSegment: place, passages: deleted.passages, tokens: deleted.tokens)
    }

    private func delete(
        _ passages: [PassageIndex], in transaction: inout IndexTransaction, _ clock: WorkClock
    ) throws {
        guard !passages.isEmpty else { return }
        let reader = IndexReader(try transaction.preview(), models: models)
        try SegmentDeletion(reader, clock).delete(passages, in: &transaction)
        transaction.removeEmptySegments()
    }

    /// As if built of all of them.
    private func manifest(_ readers: [IndexReader]) -> IndexManifest {
        let first = readers[0].manifest
        var hash = SHA256()
        for reader in readers { hash.update(reader.manifest.corpus.sha256 + "\n") }
        let format = Set(readers.map(\.manifest.corpus.format)).count == 1 ? first.corpus.format : "several corpora"
        return IndexManifest(
            genret: GenretVersion.current,
            corpus: .init(
                format: format, sha256: hash.hex(),
                badLines: readers.reduce(0) { $0 + $1.manifest.corpus.badLines }),
            tokenizer: first.tokenizer, encoder: first.encoder, vectors: first.vectors, options: first.options)
    }
}
