import Corpora
import Engine
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Transformers

/// Makes an index hold what a folder holds: what is new there is added, what changed replaced, what is gone deleted, in one
/// commit.
///
/// Files are compared by the SHA-256 of their bytes with those that the index remembers, and of those that changed only
/// passages that did are written. An index that was built of the folder takes up the passages that it has. Passages that
/// came from elsewhere stay.
public struct FolderSync {
    public let folder: String
    /// The index, and what a change of one is told.
    public var change: IndexChange
    /// How the folder is read, where that is said anew.
    public var reading = Reading()
    /// Whether the first bad line of a file that is read is an error.
    public var isStrict = false
    /// The memory, in bytes, to keep to; nil for no bound.
    public var maxMemory: Int?
    /// Whether all passages of the folder may go.
    public var allowsEmpty = false
    /// Whether all passages of an index that follows no folder yet came from this one, also those that it does not hold
    /// any more.
    public var claimsAll = false
    /// How the index is built where there is none.
    public var options = IndexOptions()

    public init(_ index: String, _ folder: String, models: ModelCache = .standard) {
        self.folder = folder
        change = IndexChange(index, models: models)
    }

    /// How a folder is read; what is nil is as it was read before.
    public struct Reading: Sendable, Equatable {
        public var allowTitleOnly: Bool?
        public var passageWords: Int?
        public var overlapWords: Int?
        public var include: [String]?
        public var exclude: [String]?
        public var followLinks: Bool?
        /// On where nothing was said and the index follows no folder yet.
        public var obeysIgnoreFiles: Bool?

        public init() {}
    }

    public struct Report: Sendable {
        /// Files by their names in the folder.
        public struct Files: Sendable, Equatable {
            public var added: [String] = []
            public var changed: [String] = []
            public var removed: [String] = []
            /// Whose passages the index had already, when it began to follow the folder.
            public var adopted: [String] = []
            /// What cannot be read, and is taken to be what it was.
            public var kept: [String] = []
            public var unchanged = 0

            public init() {}
        }

        public var files = Files()
        /// What is there and cannot be read.
        public var faults: [(name: String, reason: String)] = []
        /// Of the files that were read, and of all that is in the folder.
        public var corpus = CorpusReport()
        /// Whether there was nothing to change.
        public var isSame = false
        /// The passages of the folder.
        public var passages = 0
        /// Passages of the index that did not come from the folder.
        public var others = 0
        public var added = 0
        public var replaced = 0
        public var deleted = 0
        /// Nil in a dry run where there is no index.
        public var manifest: IndexManifest?
        /// Of an index that was made.
        public var build: IndexReport?
        public var seconds = 0.0

        init() {}

        init(_ plan: FolderPlan) {
            (files, corpus, isSame, passages) = (plan.report, plan.corpus, plan.isSame, plan.passageCount)
            faults = plan.contents.faults.map { ($0.shown, $0.reason) }
            (replaced, deleted) = (plan.replaced.count, plan.deleted.count)
            added = plan.toAdd.count - replaced
        }
    }

    /// How often the folder is looked at anew when files change meanwhile.
    private static let attempts = 3

    /// - Throws: ``IndexingError/folderEmpty(path:index:)``, ``IndexingError/passageElsewhere(id:file:index:)``,
    ///   ``IndexingError/folderChanges(path:file:)``; what adding and building throw. The index is then as it was.
    public func run() throws -> Report {
        let start = ContinuousClock.now
        var moved = FolderMoved(file: folder)
        for _ in 0..<Self.attempts {
            do {
                var report = try hasIndex ? update() : create()
                report.seconds = (ContinuousClock.now - start) / .seconds(1)
                return report
            } catch let error as FolderMoved {
                moved = error
            }
        }
        throw IndexingError.folderChanges(path: folder, file: moved.file)
    }

    /// Whether an index stands there, whole or damaged.
    public var hasIndex: Bool {
        let manifest = AtomicDirectory.followed(change.index).appending(path: "manifest.json")
        return FileManager.default.fileExists(atPath: manifest.path)
    }

    // MARK: - An index that stands

    private func update() throws -> Report {
        var report = Report()
        let done = try change.change { transaction, reader, clock, done in
            let known = try reader.folder()
            let plan = try FolderPlan(
                folder, corpusOptions(known, reader.manifest),
                .init(index: reader, known: known, claimsAll: claimsAll), clock)
            report = Report(plan)
            report.others = reader.manifest.passages + report.added - report.deleted - report.passages
            if plan.losesAll, !allowsEmpty { throw IndexingError.folderEmpty(path: folder, index: reader.path) }
            guard !plan.isSame, !change.isDryRun else { return }
            try add(plan, to: &transaction, reader, clock)
            try plan.check(plan.sources)
            try SegmentDeletion(reader, clock).delete(plan.replaced + plan.deleted, in: &transaction)
            transaction.removeEmptySegments()
            try Self.remember(plan, in: &transaction)
        }
        report.manifest = done.manifest
        return report
    }

    private func add(
        _ plan: FolderPlan, to transaction: inout IndexTransaction, _ reader: IndexReader, _ clock: WorkClock
    ) throws {
        let sources = plan.sources
        guard !sources.isEmpty else { return }
        var awaited = plan.toAdd
        var addition = PassageAddition(
            reader, plan.contents.source(of: sources), isStrict: false, stages: change.stages, maxMemory: maxMemory,
            clock: clock)
        addition.setReading(plan.options)
        addition.segmentTokenLimit = change.segmentTokenLimit
        addition.accepts = { passage, file in
            guard awaited[passage.id] == sources[file].name else { return false }
            awaited[passage.id] = nil
            return true
        }
        do {
            _ = try addition.run(&transaction, isCancelled: { change.monitor.cancellation.isRaised })
        } catch let error as CorpusError where error != .cancelled {
            // It was readable a moment ago.
            throw FolderMoved(file: sources[0].shown)
        }
        if let missing = awaited.keys.min(), let name = awaited[missing] {
            throw FolderMoved(file: FolderContents.shown(name))
        }
    }

    private static func remember(_ plan: FolderPlan, in transaction: inout IndexTransaction) throws {
        guard let manifest = transaction.manifest else { return }
        let files = plan.files
        try transaction.install(FolderPart.self, description: plan.description(manifest)) { folder, _ in
            try FolderFile.write(files, to: folder.writer(FolderPart.fileName, kind: FolderPart.fileKind))
        }
    }

    /// How the folder is read: as is said, or as it was, or as the corpus of the index was.
    private func corpusOptions(_ known: FolderPart?, _ manifest: IndexManifest) -> CorpusOptions {
        var options = known?.description.options ?? IndexOptions(manifest.options).corpus
        if known == nil { options.obeysIgnoreFiles = true }
        return with(options)
    }

    private func with(_ base: CorpusOptions) -> CorpusOptions {
        var options = base
        options.strict = isStrict
        options.allowTitleOnly = reading.allowTitleOnly ?? options.allowTitleOnly
        options.passageWords = reading.passageWords ?? options.passageWords
        options.overlapWords = reading.overlapWords ?? options.overlapWords
        options.include = reading.include ?? options.include
        options.exclude = reading.exclude ?? options.exclude
        options.followLinks = reading.followLinks ?? options.followLinks
        options.obeysIgnoreFiles = reading.obeysIgnoreFiles ?? options.obeysIgnoreFiles
        return options
    }

    // MARK: - A new one

    /// What builds the index where there is none, as far as the folder says how.
    public var newBuilder: IndexBuilder {
        var options = options
        options.corpus.obeysIgnoreFiles = true
        options.corpus = with(options.corpus)
        options.maxMemory = maxMemory
        return IndexBuilder(
            corpus: folder, destination: change.index.path, options: options, models: change.models)
    }

    private func create() throws -> Report {
        var builder = newBuilder
        let corpus = builder.options.corpus
        try builder.checkDestination()
        try builder.checkMemory()
        let clock = WorkClock(change.monitor)
        let plan = try FolderPlan(folder, corpus, .init(), clock)
        clock.finish()
        var report = Report(plan)
        guard plan.passageCount > 0 else {
            guard !plan.contents.files.isEmpty else {
                throw CorpusError.nothing(in: folder, passedOver: plan.contents.passedOver)
            }
            let bad = report.corpus
            throw CorpusError.empty(path: folder, badLines: bad.badLineCount, first: bad.badLines.first)
        }
        guard !change.isDryRun else { return report }
        builder.source = plan.contents.source(of: plan.contents.files)
        builder.stages = change.stages
        builder.monitor = change.monitor
        builder.files = change.files
        builder.segmentTokenLimit = change.segmentTokenLimit
        builder.beforeCommit = { transaction in
            try plan.check(plan.contents.files)
            guard transaction.manifest?.passages == plan.passageCount else { throw FolderMoved(file: folder) }
            try Self.remember(plan, in: &transaction)
        }
        let build = try builder.build()
        (report.build, report.manifest) = (build, build.manifest)
        return report
    }
}
