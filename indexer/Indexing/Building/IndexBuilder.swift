import Corpora
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Synchronization
import Tensors
import Text
import Transformers

/// Builds an index from a corpus: the whole of `genret index`.
///
/// For every segment: read (ids, texts, terms, tokens), suffix array and transform, vectors, docids. Then the fusion
/// weights, and the generator, which is refined with questions of the index's own passages. All of it is one
/// transaction: the index appears, or replaces another, when everything is there.
public struct IndexBuilder {
    public let corpus: String
    public let destination: URL
    public var options: IndexOptions
    public var models: ModelCache
    /// A file of queries that passages carry, as identifiers of their n-gram index (document expansion); nil for
    /// none.
    public var passageQueries: String?
    /// The passages' vectors, where they come with the corpus: nothing is encoded then, and the index has no generator. Nil: the encoder's.
    public var vectors: ImportedVectors?
    /// What is written of every segment besides what genret writes, in order, such as the component that a retriever
    /// of your own reads.
    public var stages: [any SegmentStage] = []
    /// What the index has in common with others that it will be one with; nil where it is for itself. It has no generator and no
    /// estimates then: those are for the whole.
    public var plan: BuildPlan?
    /// Fits a static encoder though every passage is encoded: in a plan.
    public var fitsStaticEncoder = false
    /// Replaces an index that stands at the destination.
    public var replacesExisting = false
    /// Ends a segment after so many tokens; what tests cut small corpora with.
    package var segmentTokenLimit: Int?
    /// Static vectors are fitted to so many passages at least.
    package var staticSample = VectorStage.sample.least
    public var monitor = WorkMonitor.silent
    /// What the index changes through; another than the machine's own in tests.
    package var files: any FileSystem = LocalFileSystem()
    /// The corpus, which is read more than once.
    var source: CorpusSource
    /// What is done last before the index appears; what it throws ends the build.
    var beforeCommit: ((inout IndexTransaction) throws -> Void)?
    let encoder = BuildEncoder()

    public init(corpus: String, destination: String, options: IndexOptions, models: ModelCache = .standard) {
        self.corpus = corpus
        source = CorpusSource(path: corpus)
        self.destination = AtomicDirectory.followed(URL(filePath: destination))
        self.options = options
        self.models = models
    }

    /// Builds the index.
    ///
    /// - Throws: ``IndexingError`` and what it names, `VectorFileError` where vectors do not fit the corpus; then nothing was written, and an index that was to be
    ///   replaced stands.
    public func build() throws -> IndexReport {
        guard vectors == nil || options == options.importingVectors() else {
            var own = self
            own.options = options.importingVectors()
            return try own.build()
        }
        let start = ContinuousClock.now
        try checkDestination()
        try checkMemory()
        let clock = WorkClock(monitor)
        if let vectors { try ImportedVectorStage.check(vectors, openCorpus(), called: corpus, clock) }
        let encoder = try encoder.load(options, models)
        // The plan's encoder, which is checked to be the one that it was made with.
        if encoder != nil { _ = try plan?.reader.value(IndexEncoder.self) }
        var transaction = try IndexTransaction(creating: destination, files: files)
        var build = try SegmentBuild(self, encoder: encoder, clock: clock)
        try build.run(&transaction)
        let index = IndexReader(try transaction.preview(), models: models)
        if let encoder { index.preload(IndexEncoder(encoder.single)) }
        if options.pseudoQueries > 0, plan == nil {
            let estimation = FusionEstimation(
                .init(count: options.pseudoQueries, seed: options.seed), scratch: destination)
            try transaction.record(try estimation.run(index, clock), as: .fusionWeights)
        }
        let refinement = plan == nil ? try refine(&transaction, encoder, clock) : nil
        if options.pseudoQueries > 0, plan == nil {
            let index = IndexReader(try transaction.preview(), models: models)
            if let encoder { index.preload(IndexEncoder(encoder.single)) }
            try RerankEstimation.enterWhereCheap(
                .init(count: options.pseudoQueries, seed: options.seed), in: &transaction, index, clock)
        }
        clock.finish()
        // What came to stand there meanwhile is replaced under the same rules.
        try checkDestination()
        try beforeCommit?(&transaction)
        let snapshot = try transaction.commit()
        return IndexReport(
            manifest: snapshot.manifest, corpus: build.report, refinement: refinement, vectors: build.vectors,
            ngramProfile: build.ngramProfile,
            ngramBytesPerToken: build.ngramBytesPerToken, timings: clock.timings,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Gives the index a generator. Where that fails or is interrupted, the rest of the work is not lost: the index
    /// has none. But where files cannot be written nothing is: whoever asked for an index with a generator would not
    /// notice.
    private func refine(
        _ transaction: inout IndexTransaction, _ encoder: BuildEncoder.Loaded?, _ clock: WorkClock
    ) throws(StorageError) -> IndexReport.Refinement? {
        let untouched = transaction.manifest
        do {
            guard let encoder, let folder = try options.generatorFolder(in: models) else { return nil }
            let refinement = GeneratorRefinement(folder, options: options, encoder: encoder.single, models: models)
            return .success(try refinement.run(&transaction, clock))
        } catch let error as StorageError {
            throw error
        } catch {
            if let untouched { transaction.restore(untouched) }
            return .failure(error)
        }
    }

    /// Refuses a memory that no segment fits in, before any work is done.
    public func checkMemory() throws(IndexingError) {
        let least = SegmentBudget.minimum(withEncoder: options.encoder != nil)
        if let limit = options.maxMemory, limit < least {
            throw .memoryTooSmall(limit: limit, least: least, withEncoder: options.encoder != nil)
        }
    }

    /// Refuses a destination that is taken, before any work is done.
    public func checkDestination() throws(IndexingError) {
        guard !destination.lastPathComponent.isEmpty, destination.path != "/" else { throw .unnamed }
        guard FileManager.default.fileExists(atPath: destination.path) else { return }
        let isIndex = IndexTransaction.isIndex(destination)
        if !isIndex || !replacesExisting { throw .destinationExists(path: destination.path, isIndex: isIndex) }
    }

    func openCorpus(isStrict: Bool? = nil) throws -> CorpusReader {
        var corpus = options.corpus
        if let isStrict { corpus.strict = isStrict }
        let cancellation = monitor.cancellation
        return try source.reader(options: corpus) { cancellation.isRaised }
    }
}

/// The encoder of a build, loaded once.
final class BuildEncoder: Sendable {
    struct Loaded: Sendable {
        /// In single precision, for questions.
        var single: SentenceEncoder
        /// In the precision that passages are encoded in.
        var passages: SentenceEncoder
    }

    private let loaded = Mutex<Loaded?>(nil)

    /// - Returns: nil for an index without an encoder.
    /// - Throws: ``EngineError``.
    func load(_ options: IndexOptions, _ models: ModelCache) throws -> Loaded? {
        guard let name = options.encoder else { return nil }
        return try loaded.withLock { loaded in
            if let loaded { return loaded }
            guard let folder = models.directory(of: name) else { throw EngineError.encoderNotInstalled(name: name) }
            do {
                try models.verifySmallFiles(of: name)
                let single = try SentenceEncoder(directory: folder)
                let precision = options.encoderPrecision ?? .float32
                let made = Loaded(
                    single: single,
                    passages: precision == .float32
                        ? single : try SentenceEncoder(directory: folder, precision: precision))
                loaded = made
                return made
            } catch {
                throw EngineError.model(path: folder.path, reason: "\(error)")
            }
        }
    }
}
