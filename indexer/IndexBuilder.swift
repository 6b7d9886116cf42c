import Corpora
import Docids
import Engine
import FMIndex
import Foundation
import Ranking
import Storage
import Text
import Transformers

/// Builds an index from a corpus: the only code that writes one.
///
/// The index grows in a hidden folder beside its place and is moved there whole at the end. The
/// stages are: read (ids, texts, terms, tokens), suffix array and wavelet matrix, vectors, docids,
/// fusion weights, manifest.
public struct IndexBuilder {
    public let corpus: String
    public let destination: URL
    public var options: IndexOptions
    public var models: ModelCache
    /// A file of queries that passages carry, as identifiers of their n-gram index; nil for none.
    public var passageQueries: String?
    /// Replaces an index that stands at the destination.
    public var replacesExisting = false
    /// Hears where the build stands.
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between batches of work; true ends the build.
    public var isCancelled: () -> Bool = { false }

    public init(corpus: String, destination: String, options: IndexOptions, models: ModelCache = .standard) {
        self.corpus = corpus
        self.destination = URL(filePath: destination)
        self.options = options
        self.models = models
    }

    /// Builds the index and moves it into place.
    ///
    /// - Throws: ``IndexingError``; then nothing was written.
    public func build() throws(IndexingError) -> IndexReport {
        try checkDestination()
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        let encoder = try openEncoder()
        let directory: AtomicDirectory
        do { directory = try AtomicDirectory(destination: destination) } catch { throw .storage(error) }
        do {
            let report = try build(in: directory, encoder: encoder, clock: clock)
            try clock.checkCancelled()
            try directory.commit()
            return report
        } catch {
            directory.discard()
            switch error {
            case let error as IndexingError: throw error
            case let error as StorageError: throw .storage(error)
            case let error as FMIndexBuilder.TooLarge: throw .tooLarge("\(error)")
            default: throw .other(error.localizedDescription)
            }
        }
    }

    private func build(
        in directory: AtomicDirectory, encoder: SentenceEncoder?, clock: StageClock
    ) throws -> IndexReport {
        let segmentName = "segment-0001"
        try FileManager.default.createDirectory(
            at: directory.staging.appending(path: segmentName), withIntermediateDirectories: false)
        func path(_ file: String) -> String { directory.path("\(segmentName)/\(file)") }

        let tokenizer = try encoder?.tokenizer ?? makeTokenizer(clock: clock)
        let vocabulary = try PassageTokenizer(tokenizer)
        try tokenizer.jsonData.write(to: URL(filePath: directory.path(IndexLayout.tokenizer)))

        try clock.begin(.reading, unit: "passages")
        var scan = try PassageScan(
            corpus: corpus, passageQueries: passageQueries, options: options.corpus,
            analyzer: options.analyzer, vocabulary: vocabulary,
            passagesPath: path(IndexLayout.passages), passagesKind: IndexLayout.passagesKind, clock: clock)
        try scan.terms.write(to: path(IndexLayout.terms))
        let tokenCount = scan.tokens.tokenCount

        try writeNgrams(&scan.tokens, to: path(IndexLayout.ngrams), clock: clock)
        let ngrams = try Container(
            path: path(IndexLayout.ngrams), kind: FMIndex.fileKind, verifyingSections: false)
        let index = try FMIndex(ngrams)

        var dense: DenseIndex?
        if let encoder {
            try clock.begin(.vectors, unit: "passages")
            let vectors = try VectorStage(encoder: encoder, index: index).run(clock: clock)
            try vectors.write(to: path(IndexLayout.vectors))
            try writeDocids(vectors, to: path(IndexLayout.docids), clock: clock)
            dense = vectors
        }

        try clock.begin(.fusion, unit: "pseudo-queries")
        let texts = try DocumentStore(
            Container(
                path: path(IndexLayout.passages), kind: IndexLayout.passagesKind, verifyingSections: false))
        let fusion = try FusionCalibration(
            options: options, vocabulary: vocabulary, encoder: encoder, index: index, texts: texts,
            dense: dense, workspace: directory
        ).run(clock: clock)
        clock.finish()

        let manifest = IndexManifest(
            genret: GenretVersion.current, passages: scan.ids.count, tokens: tokenCount,
            corpus: .init(
                format: scan.format.description, sha256: scan.corpusHash,
                badLines: scan.report.badLineCount),
            tokenizer: .init(
                fingerprint: tokenizer.fingerprint, source: encoder == nil ? "corpus" : "encoder",
                documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd),
            encoder: try encoder.map {
                .init(
                    name: options.encoder ?? "", sha256: try $0.modelHash(), dimension: $0.dimension,
                    maxTokens: $0.maxTokens)
            },
            options: options, fusion: fusion, segments: [segmentName])
        try manifest.encoded().write(to: URL(filePath: directory.path(IndexLayout.manifest)))
        return IndexReport(
            manifest: manifest, corpus: scan.report, ngramProfile: index.profile,
            ngramBytesPerToken: Double(ngrams.sections.reduce(0) { $0 + $1.length })
                / Double(max(1, tokenCount)),
            timings: clock.timings.map { ($0.stage.rawValue, $0.seconds) })
    }

    private func writeNgrams(_ tokens: inout FMIndexBuilder, to path: String, clock: StageClock) throws {
        var freezing = FMIndexBuilder.Options(profile: options.ngramProfile)
        freezing.progress = { stage in
            let name: IndexProgress.Stage =
                switch stage {
                case .suffixArray: .suffixArray
                case .transform: .transform
                case .ranks: .ranks
                }
            try clock.begin(name, unit: "tokens")
        }
        let count = tokens.tokenCount
        freezing.update = { try clock.update(count: Int(Double(count) * $0), fraction: $0) }
        let writer = try ContainerWriter(path: path, kind: FMIndex.fileKind)
        try tokens.write(to: writer, freezing)
        try writer.finish()
    }

    private func writeDocids(_ vectors: DenseIndex, to path: String, clock: StageClock) throws {
        try clock.begin(.docidTree, unit: "passages")
        let tree = DocidTreeBuilder(fanout: options.fanout, leafSize: options.leafSize, seed: options.seed)
            .build(vectors: vectors.vectors, dimension: vectors.dimension)
        try clock.begin(.quantisedDocids, unit: "passages")
        let quantiser = ResidualQuantiser.train(
            vectors: vectors.vectors, dimension: vectors.dimension, levels: options.quantiserLevels,
            codewords: options.quantiserCodewords, seed: options.seed)
        let trie = DocidTrie(
            codes: quantiser.encode(vectors: vectors.vectors), depth: quantiser.levelCount)
        try StoredDocids(tree: tree, quantiser: quantiser, trie: trie).write(to: path)
    }

    /// Refuses a destination that is taken, before any work is done.
    public func checkDestination() throws(IndexingError) {
        let manager = FileManager.default
        guard manager.fileExists(atPath: destination.path) else { return }
        let isIndex = manager.fileExists(atPath: destination.appending(path: IndexLayout.manifest).path)
        if !isIndex || !replacesExisting {
            throw .destinationExists(path: destination.path, isIndex: isIndex)
        }
    }

    private func openEncoder() throws(IndexingError) -> SentenceEncoder? {
        guard let name = options.encoder else { return nil }
        guard let folder = models.directory(of: name) else {
            throw .encoder(
                "the encoder \(name) is not installed; run \"genret model fetch \(name)\", or give --no-encoder to index for n-grams and BM25 only")
        }
        do {
            return try SentenceEncoder(directory: folder)
        } catch {
            throw .encoder("the encoder \(name) cannot be loaded: \(error)")
        }
    }

    /// A word-piece vocabulary from the corpus' own words, for an index without an encoder.
    private func makeTokenizer(clock: StageClock) throws -> Tokenizer {
        try clock.begin(.vocabulary, unit: "passages")
        var builder = VocabularyBuilder()
        do {
            var reader = try CorpusReader(path: corpus, options: options.corpus)
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
            throw IndexingError.corpus(error)
        }
        return try Tokenizer(json: builder.build())
    }
}
