import Corpora
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Text
import Transformers

/// New segments of an index, from a corpus, as the index's own were made: the same tokenizer, encoder and analyser.
struct PassageAddition {
    var replaces = false
    var segmentTokenLimit: Int?
    /// The passages' own vectors; where the index's were imported, and only there.
    var vectors: ImportedVectors?
    /// Says of a passage, and the number of the file that it comes from, whether it is added, whatever the index has;
    /// nil: all are, and ids that the index has are an error unless they are replaced.
    var accepts: ((Passage, Int) throws -> Bool)?

    /// What was added.
    struct Done {
        var added = 0
        /// Passages of the index whose ids came again.
        var replaced: [PassageIndex] = []
        var corpus = CorpusReport()
    }

    private let index: IndexReader
    private let source: CorpusSource
    private var options: IndexOptions
    private let stages: [any SegmentStage]
    private let clock: WorkClock

    init(
        _ index: IndexReader, _ source: CorpusSource, isStrict: Bool, stages: [any SegmentStage], maxMemory: Int?,
        clock: WorkClock
    ) {
        self.stages = stages
        self.index = index
        self.source = source
        var options = IndexOptions(index.manifest.options)
        options.corpus.strict = isStrict
        options.maxMemory = maxMemory
        self.options = options
        self.clock = clock
    }

    /// Reads the corpus otherwise than the index's was read.
    mutating func setReading(_ corpus: CorpusOptions) { options.corpus = corpus }

    /// Reads the corpus and writes nothing.
    func count(isCancelled: @escaping () -> Bool) throws -> Done {
        try checkVectors(isCancelled)
        try clock.begin("reading", unit: "passages")
        var reader = try source.reader(options: options.corpus, isCancelled: isCancelled)
        var done = Done()
        var count = 0
        while let passage = try reader.next() {
            try note(passage, &done)
            count += 1
            if count % 256 == 0 { try clock.update(count: count, fraction: reader.report.fraction) }
        }
        done.added = count - done.replaced.count
        done.corpus = reader.report
        return done
    }

    /// Holds the vectors against the index and the corpus, before any work is done.
    private func checkVectors(_ isCancelled: @escaping () -> Bool) throws {
        guard let imported = index.manifest.vectors else {
            if vectors != nil { throw EngineError.vectorsNotImported(index: index.path) }
            return
        }
        guard let vectors else { throw IndexingError.vectorsMissing(index: index.path) }
        try vectors.checkWidth(imported.dimension, of: index.path)
        try ImportedVectorStage.check(
            vectors, source.reader(options: options.corpus, isCancelled: isCancelled), called: source.path, clock)
    }

    /// Looks whether the index has a passage of the same id.
    private func note(_ passage: Passage, _ done: inout Done) throws {
        guard let old = try index.passage(withID: passage.id) else { return }
        guard replaces else { throw IndexingError.passageExists(id: passage.id, index: index.path) }
        done.replaced.append(old)
    }

    func run(_ transaction: inout IndexTransaction, isCancelled: @escaping () -> Bool) throws -> Done {
        try checkVectors(isCancelled)
        let encoder = index.manifest.encoder == nil ? nil : try PassageEncoder.of(index)
        let vocabulary = try PassageTokenizer(try index.value(IndexTokenizer.self).tokenizer)
        let first = try index.components(FMIndex.self)[0]
        var done = Done()
        var scan = try PassageScan(
            corpus: try source.reader(options: options.corpus, isCancelled: isCancelled), passageQueries: nil,
            carriesQueries: first.queryStart != nil, analyzer: options.analyzer, vocabulary: vocabulary,
            budget: SegmentBudget(
                maxMemory: options.maxMemory, dimension: index.manifest.vectorDimension ?? 0,
                hasSentences: options.sentenceDocids, vocabularySize: vocabulary.tokenizer.vocabularySize,
                tokenLimit: segmentTokenLimit),
            accepts: accepts
        ) { [accepts] in if accepts == nil { try note($0, &done) } }
        let fitted = encoder == nil ? nil : try index.value(IndexStaticEncoder.self).encoder
        let coder = encoder == nil ? nil : try index.value(IndexTokenCoder.self).coder
        let vectors = VectorStage(
            encoder, options, fitted: fitted, tokens: coder.map(TokenCoding.known) ?? .none)
        let imported = self.vectors.map { ImportedVectorStage($0, options) }
        var all: [any SegmentStage] = [vectors]
        if let imported { all.append(imported) }
        var writer = SegmentWriter(options, stages: all + stages, clock: clock)
        try writer.writeAll(&scan, to: &transaction)
        try imported?.finish(in: source.path)
        try vectors.installEncoder(in: &transaction)
        done.added = scan.passages - done.replaced.count
        done.corpus = scan.report
        return done
    }
}
