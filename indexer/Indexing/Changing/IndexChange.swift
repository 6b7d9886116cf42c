import Corpora
import Engine
import Fields
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Transformers

/// Adds passages to an index, replaces and deletes some, in one commit.
///
/// What is added becomes a segment of its own, and what is deleted stays in its segment's files until that is written
/// anew (``IndexCompaction``). Searches see the difference at once: after any number of changes BM25 and dense scores and
/// the counts of n-grams are those of an index that was built of what remains.
public struct IndexChange {
    /// The index's folder.
    public let index: URL
    public var models: ModelCache
    /// What is written of every new segment besides what genret writes, as when the index was built.
    public var stages: [any SegmentStage] = []
    public var monitor = WorkMonitor.silent
    /// Whether nothing is done but to say what would be.
    public var isDryRun = false
    /// What the index changes through; another than the machine's own in tests.
    package var files: any FileSystem = LocalFileSystem()
    /// Ends a new segment after so many tokens; what tests cut small corpora with.
    package var segmentTokenLimit: Int?

    public init(_ index: String, models: ModelCache = .standard) {
        self.index = URL(filePath: index)
        self.models = models
    }

    /// What a change did.
    public struct Report: Sendable {
        public var added = 0
        public var replaced = 0
        public var deleted = 0
        /// Segments that were written anew.
        public var compacted = 0
        public var manifest: IndexManifest
        /// Of the corpus that was read; nil where none was.
        public var corpus: CorpusReport?
        /// Of the whole change.
        public var seconds = 0.0
    }

    /// Deletes passages by their external ids.
    ///
    /// - Parameter isLenient: whether ids that the index does not have are passed over.
    /// - Throws: ``IndexingError/noPassages(count:first:index:)`` and what the index throws; it is then as it was.
    public func delete(ids: [String], isLenient: Bool = false) throws -> Report {
        try change { transaction, reader, clock, report in
            var passages: Set<PassageIndex> = []
            var unknown: [String] = []
            for id in ids {
                if let passage = try reader.passage(withID: id) { passages.insert(passage) } else { unknown.append(id) }
            }
            if let first = unknown.first, !isLenient {
                throw IndexingError.noPassages(count: unknown.count, first: first, index: index.path)
            }
            report.deleted = passages.count
            if !isDryRun { try SegmentDeletion(reader, clock).delete(passages, in: &transaction) }
        }
    }

    /// Deletes the passages that pass a filter; none may.
    ///
    /// - Throws: ``EngineError/unknownField(_:known:)`` and what the index throws; it is then as it was.
    public func delete(where filter: FieldFilter) throws -> Report {
        try change { transaction, reader, clock, report in
            let passages = try reader.passing(filter).passages
            report.deleted = passages.count
            if !isDryRun { try SegmentDeletion(reader, clock).delete(passages, in: &transaction) }
        }
    }

    /// Adds the passages of a corpus.
    ///
    /// - Parameters:
    ///   - isStrict: whether the first bad line is an error; else the corpus is read as the index's was.
    ///   - replaces: whether a passage takes the place of the one of its id; else that is an error.
    ///   - maxMemory: the memory, in bytes, to keep to; nil for no bound.
    ///   - vectors: the passages' own, where the index's were imported, and only there.
    /// - Throws: ``IndexingError/passageExists(id:index:)``; ``IndexingError/vectorsMissing(index:)`` and what else is wrong with vectors; ``EngineError`` where the index's encoder is missing or another;
    ///   what the corpus and the index throw. The index is then as it was.
    public func add(
        _ corpus: String, isStrict: Bool = false, replaces: Bool = false, maxMemory: Int? = nil,
        vectors: ImportedVectors? = nil
    ) throws -> Report {
        try change { transaction, reader, clock, report in
            var addition = PassageAddition(
                reader, CorpusSource(path: corpus), isStrict: isStrict, stages: stages, maxMemory: maxMemory,
                clock: clock)
            addition.segmentTokenLimit = segmentTokenLimit
            addition.replaces = replaces
            addition.vectors = vectors
            let isCancelled = { monitor.cancellation.isRaised }
            let done =
                isDryRun
                ? try addition.count(isCancelled: isCancelled)
                : try addition.run(&transaction, isCancelled: isCancelled)
            (report.added, report.replaced, report.corpus) = (done.added, done.replaced.count, done.corpus)
            if !isDryRun { try SegmentDeletion(reader, clock).delete(done.replaced, in: &transaction) }
        }
    }

    /// Runs a change and commits it, unless it changed nothing.
    func change(_ body: Body) throws -> Report {
        let start = ContinuousClock.now
        var transaction = try IndexTransaction(index, files: files)
        let before = transaction.manifest
        var report = try prepare(&transaction, body)
        if transaction.manifest != before { report.manifest = try transaction.commit().manifest }
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }

    typealias Body = (inout IndexTransaction, IndexReader, WorkClock, inout Report) throws -> Void

    /// Fills a transaction. The old segments are read here and let go, so that the commit can remove them.
    private func prepare(_ transaction: inout IndexTransaction, _ body: Body) throws -> Report {
        let clock = WorkClock(monitor)
        let reader = IndexReader(try transaction.preview(), models: models)
        var report = Report(manifest: reader.manifest)
        try body(&transaction, reader, clock, &report)
        clock.finish()
        transaction.removeEmptySegments()
        return report
    }
}

extension IndexTransaction {
    /// Takes segments out of which nothing stays, unless there is no other.
    mutating func removeEmptySegments() {
        guard manifest?.segments.contains(where: { $0.living > 0 }) ?? false else { return }
        removeSegments { $0.living == 0 }
    }
}
