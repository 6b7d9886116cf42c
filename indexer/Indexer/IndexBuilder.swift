import Corpora
import Engine
import FMIndex
import Foundation
import Storage
import Text
import Transformers

/// Builds an index from a corpus: the only code that writes one.
///
/// The index grows in a hidden folder beside its place and is moved there whole at the end. The
/// stages are, for every segment: read (ids, texts, terms, tokens), suffix array and transform, vectors,
/// docids; then fusion weights and the manifest.
public struct IndexBuilder {
    public let corpus: String
    /// The corpus, which is read more than once.
    let source: CorpusSource
    public let destination: URL
    public var options: IndexOptions
    public var models: ModelCache
    /// A file of queries that passages carry, as identifiers of their n-gram index; nil for none.
    public var passageQueries: String?
    /// Replaces an index that stands at the destination.
    public var replacesExisting = false
    /// Minutes for which ``build(refining:)``'s last part trains; nil without such a part. The estimate
    /// counts it.
    public var refinementMinutes: Double?
    /// Ends a segment after so many tokens; what tests cut small corpora with.
    package var segmentTokenLimit: Int?
    /// Hears where the build stands.
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between batches of work; true ends the build.
    public var isCancelled: () -> Bool = { false }

    public init(corpus: String, destination: String, options: IndexOptions, models: ModelCache = .standard) {
        self.corpus = corpus
        source = CorpusSource(path: corpus)
        self.destination = AtomicDirectory.followed(URL(filePath: destination))
        self.options = options
        self.models = models
    }

    /// Builds the index and moves it into place.
    ///
    /// - Parameter refining: adds to the index, whose path it is given, before it is moved. Where it fails,
    ///   it must leave the index as it was, which then stands; the report has the error.
    /// - Throws: ``IndexingError``; then nothing was written.
    public func build(refining: ((String) throws -> Void)? = nil) throws(IndexingError) -> IndexReport {
        try checkDestination()
        try checkMemory()
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        let encoder = try openEncoder()
        let directory: AtomicDirectory
        do {
            directory = try AtomicDirectory(destination: destination) { [destination] old in
                IndexFolder.carryOver(from: old, to: destination)
                IndexFolder.removeFiles(of: old)
            }
        } catch {
            throw .storage(error)
        }
        do {
            var report = try build(in: directory, encoder: encoder, clock: clock)
            try clock.checkCancelled()
            do { try refining?(directory.staging.path) } catch { report.refinementError = error }
            // What came to stand there meanwhile is replaced under the same rules.
            try checkDestination()
            try directory.commit()
            return report
        } catch {
            directory.discard()
            switch error {
            case let error as IndexingError: throw error
            case let error as StorageError: throw .storage(error)
            case let error as FMIndexBuilder.TooLarge: throw .tooLarge("\(error)")
            default: throw .other(error.fileReason)
            }
        }
    }

    private func build(
        in directory: AtomicDirectory, encoder: SentenceEncoder?, clock: StageClock
    ) throws -> IndexReport {
        let tokenizer = try encoder?.tokenizer ?? makeTokenizer(clock: clock)
        let vocabulary = try PassageTokenizer(tokenizer)
        if passageQueries != nil, vocabulary.queryStart == nil {
            throw IndexingError.encoder("the tokenizer has no [MASK] to mark the queries of passages with")
        }
        try tokenizer.jsonData.write(to: URL(filePath: directory.path(IndexLayout.tokenizer)))

        try clock.begin(.reading, unit: "passages")
        var scan = try PassageScan(
            corpus: try openCorpus(), passageQueries: passageQueries, analyzer: options.analyzer, vocabulary: vocabulary,
            budget: SegmentBudget(
                maxMemory: options.maxMemory, dimension: encoder?.dimension ?? 0,
                vocabularySize: tokenizer.vocabularySize, tokenLimit: segmentTokenLimit))
        var segments: [BuiltSegment] = []
        repeat {
            if !segments.isEmpty { try clock.begin(.reading, unit: "passages") }
            let writer = SegmentWriter(
                name: IndexLayout.segment(segments.count + 1), directory: directory, options: options,
                encoder: encoder, clock: clock)
            segments.append(try writer.write(&scan))
        } while scan.hasMore

        try clock.begin(.fusion, unit: "pseudo-queries")
        let fusion = try FusionCalibration(
            options: options, vocabulary: vocabulary, encoder: encoder, source: BuiltPassages(segments),
            workspace: directory
        ).run(clock: clock)
        clock.finish()

        let manifest = IndexManifest(
            genret: GenretVersion.current, passages: scan.passages,
            tokens: segments.reduce(0) { $0 + $1.tokenCount },
            corpus: .init(
                format: scan.format.description, sha256: scan.corpusHash,
                badLines: scan.report.badLineCount),
            tokenizer: .init(
                fingerprint: tokenizer.fingerprint, source: encoder == nil ? "corpus" : "encoder",
                documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd),
            encoder: try encoder.map {
                .init(
                    name: options.encoder ?? "", sha256: try $0.modelHash(),
                    configuration: try $0.configurationHash(), dimension: $0.dimension, maxTokens: $0.maxTokens)
            },
            options: options, fusion: fusion, segments: segments.map(\.name))
        try manifest.encoded().write(to: URL(filePath: directory.path(IndexLayout.manifest)))
        return IndexReport(
            manifest: manifest, corpus: scan.report, ngramProfile: segments[0].ngramProfile,
            ngramBytesPerToken: Double(segments.reduce(0) { $0 + $1.ngramBytes })
                / Double(max(1, segments.reduce(0) { $0 + $1.tokenCount })),
            timings: clock.timings.map { ($0.stage.rawValue, $0.seconds) })
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
        guard !destination.lastPathComponent.isEmpty, destination.path != "/" else {
            throw .other("the index needs a name")
        }
        guard FileManager.default.fileExists(atPath: destination.path) else { return }
        let isIndex = IndexFolder.isIndex(destination)
        if !isIndex || !replacesExisting {
            throw .destinationExists(path: destination.path, isIndex: isIndex)
        }
        if let stranger = IndexFolder.strangers(in: destination).first {
            throw .strangerInIndex(path: destination.appending(path: stranger).path)
        }
    }

    private func openCorpus() throws(IndexingError) -> CorpusReader {
        do {
            return try source.reader(options: options.corpus, isCancelled: isCancelled)
        } catch {
            throw IndexingError(error)
        }
    }

    private func openEncoder() throws(IndexingError) -> SentenceEncoder? {
        guard let name = options.encoder else { return nil }
        guard let folder = models.directory(of: name) else {
            throw .encoder(
                "the encoder \(name) is not installed; run \"genret model fetch \(name)\", or give --no-encoder to index for n-grams and BM25 only")
        }
        do {
            try models.verifySmallFiles(of: name)
            return try SentenceEncoder(
                directory: folder, precision: options.encoderPrecision ?? .float32)
        } catch {
            throw .encoder("the encoder \(name) cannot be loaded: \(error)")
        }
    }

    /// A word-piece vocabulary from the corpus' own words, for an index without an encoder.
    private func makeTokenizer(clock: StageClock) throws -> Tokenizer {
        try clock.begin(.vocabulary, unit: "passages")
        var builder = VocabularyBuilder()
        do {
            var reader = try openCorpus()
            var count = 0
            while let passage = try reader.next() {
                builder.add(passage.title)
                builder.add(passage.text)
                count += 1
                if count % 256 == 0 { try clock.update(count: count, fraction: reader.report.fraction) }
            }
            if let passageQueries {
                let carried = try Queries.readOfPassages(path: passageQueries)
                for id in carried.keys.sorted() { carried[id]?.forEach { builder.add($0) } }
            }
        } catch let error as CorpusError {
            throw IndexingError(error)
        }
        return try Tokenizer(json: builder.build())
    }
}
