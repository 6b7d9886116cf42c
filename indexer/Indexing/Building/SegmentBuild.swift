import Corpora
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Search
import Text
import Transformers

/// The segments of a build: reads the corpus once and writes all that is made of its passages.
struct SegmentBuild {
    private let builder: IndexBuilder
    private let encoder: BuildEncoder.Loaded?
    private let clock: WorkClock
    private let tokenizer: Tokenizer
    private(set) var report: CorpusReport
    /// What the n-gram index holds, and what it takes a token.
    private(set) var ngramProfile = NgramProfile.fast
    private(set) var ngramBytesPerToken = 0.0
    /// How vectors were made; nil where there are none.
    private(set) var vectors: VectorReport?

    init(_ builder: IndexBuilder, encoder: BuildEncoder.Loaded?, clock: WorkClock) throws {
        (self.builder, self.encoder, self.clock) = (builder, encoder, clock)
        tokenizer =
            try builder.plan?.tokenizer() ?? encoder?.single.tokenizer ?? Self.makeTokenizer(builder, clock)
        report = CorpusReport()
    }

    /// Fills a transaction with the segments and the tokenizer.
    mutating func run(_ transaction: inout IndexTransaction) throws {
        let options = builder.options
        let vocabulary = try PassageTokenizer(tokenizer)
        if builder.passageQueries != nil, vocabulary.queryStart == nil {
            throw IndexingError.tokenizer(lacks: "[MASK]")
        }
        transaction.replaceAll(by: try manifest(vocabulary))
        let json = tokenizer.jsonData
        try transaction.install(TokenizerPart.self) { folder, _ in try folder.write(json, as: TokenizerPart.fileName) }
        var scan = try PassageScan(
            corpus: try builder.openCorpus(), passageQueries: builder.passageQueries,
            carriesQueries: builder.passageQueries != nil, analyzer: options.analyzer, vocabulary: vocabulary,
            budget: SegmentBudget(
                maxMemory: options.maxMemory, dimension: transaction.manifest?.vectorDimension ?? 0,
                hasSentences: options.sentenceDocids, vocabularySize: tokenizer.vocabularySize,
                tokenLimit: builder.segmentTokenLimit))
        let vectors = VectorStage(
            encoder?.passages, options, fitted: try builder.plan?.staticEncoder(), leastSample: builder.staticSample,
            fitsAlways: builder.fitsStaticEncoder, tokens: try tokens(transaction))
        let imported = builder.vectors.map { ImportedVectorStage($0, options) }
        var stages: [any SegmentStage] = [vectors]
        if let imported { stages.append(imported) }
        var writer = SegmentWriter(options, stages: stages + builder.stages, clock: clock)
        try writer.writeAll(&scan, to: &transaction)
        try imported?.finish(in: builder.corpus)
        if let plan = builder.plan {
            try plan.installEncoder(in: &transaction)
        } else {
            try vectors.installEncoder(in: &transaction)
            try vectors.installTokens(in: &transaction)
        }
        self.vectors = vectors.report
        let corpus = IndexManifest.Corpus(
            format: scan.format.description, sha256: scan.corpusHash, badLines: scan.report.badLineCount)
        transaction.setCorpus(corpus)
        (ngramProfile, ngramBytesPerToken) = (writer.ngramProfile, writer.ngramBytesPerToken)
        report = scan.report
    }

    /// What codes the passages' tokens: the plan's, or the head of the generator that the index gets.
    private func tokens(_ transaction: borrowing IndexTransaction) throws -> TokenCoding {
        let options = builder.options
        guard options.tokenCodes, let encoder = transaction.manifest?.encoder else { return .none }
        if let plan = builder.plan { return try plan.tokenCoder().map(TokenCoding.known) ?? .none }
        // A generator that cannot be read is said later, where it is missed.
        guard let folder = try? options.generatorFolder(in: builder.models),
            let weights = try? InteractionWeights.ofGenerator(in: folder), weights.width == encoder.dimension
        else { return .none }
        return .learned(weights, encoder: encoder.sha256)
    }

    private func manifest(_ vocabulary: PassageTokenizer) throws -> IndexManifest {
        IndexManifest(
            genret: GenretVersion.current, corpus: .init(format: "", sha256: "", badLines: 0),
            tokenizer: .init(
                fingerprint: tokenizer.fingerprint, source: encoder == nil ? "corpus" : "encoder",
                documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd),
            encoder: try encoder.map { encoder in
                .init(
                    name: builder.options.encoder ?? "", sha256: try encoder.single.modelHash(),
                    configuration: try encoder.single.configurationHash(), dimension: encoder.single.dimension,
                    maxTokens: encoder.single.maxTokens)
            }, vectors: builder.vectors.map { .init(dimension: $0.dimension) },
            options: try JSONTree(encoding: builder.options))
    }

    /// A word-piece vocabulary from the corpus' own words, for an index without an encoder.
    private static func makeTokenizer(_ builder: IndexBuilder, _ clock: WorkClock) throws -> Tokenizer {
        try clock.begin("vocabulary", unit: "passages")
        var vocabulary = VocabularyBuilder()
        var reader = try builder.openCorpus()
        var count = 0
        while let passage = try reader.next() {
            vocabulary.add(passage.title)
            vocabulary.add(passage.text)
            count += 1
            if count % 256 == 0 { try clock.update(count: count, fraction: reader.report.fraction) }
        }
        if let passageQueries = builder.passageQueries {
            let carried = try Queries.readOfPassages(path: passageQueries)
            for id in carried.keys.sorted() { carried[id]?.forEach { vocabulary.add($0) } }
        }
        return try Tokenizer(json: vocabulary.build())
    }
}
