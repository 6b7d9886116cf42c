import Docids
import Engine
import Foundation
import Indexer
import Learning
import Memory
import Ranking
import Storage
import Tensors
import Transformers

/// Makes docids of an index's passages and trains a network to find them: from queries and their
/// passages to a folder that ``DocidInstall`` puts into the index.
public struct DocidTraining: Sendable {
    public let engine: Engine
    public var plan: TrainingPlan
    public var recipe = DocidRecipe()
    public var options = DocidTask.Options()
    public var layers = 2
    /// Folders of other trainings whose entries are taken over where they are the same.
    public var entriesFrom: [URL] = []
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads: Int

    public init(_ engine: Engine, plan: TrainingPlan, threads: Int) {
        self.engine = engine
        self.plan = plan
        self.threads = threads
    }

    /// How a training ended.
    public struct Report: Sendable {
        /// Nil where there was nothing to train on.
        public var training: TrainingResult?
        /// What docids lead to.
        public var entries: Int
        /// The prefixes of each level, or the tokens of the vocabulary.
        public var levels: [Int]
        /// On the held-out queries; nil without any.
        public var comparison: DocidComparison?
        /// As an index would have them.
        package var docids: TrainedDocids?
    }

    /// Makes the docids, trains, or goes on with the training whose state is in the output folder, and
    /// writes all.
    ///
    /// Weights of anchored docids that do not find held-out queries' passages better than no training does
    /// are not kept: the network then leaves queries as they are, and the entries' vectors are the encoder's.
    /// The weight of planning ahead is estimated on the same queries.
    ///
    /// - Throws: ``TrainingError`` where the index has no encoder, or there is nothing to train on and the
    ///   docids are not anchored; ``IndexingError`` where the entries cannot be made; ``LearningError`` and
    ///   ``ModelError``; what the callbacks throw.
    public func run(
        _ pairs: QueryPairs, output: URL, onEntries: @escaping (IndexProgress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }, onProgress: (TrainingProgress) throws -> Void
    ) throws -> Report {
        guard let encoder = engine.queries.encoder else {
            throw TrainingError.unfit("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        guard recipe.isSound else { throw TrainingError.unfit("the docids' options are impossible") }
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        guard recipe.scheme.isAnchored else {
            return try writeSequences(pairs, encoder, output, onProgress)
        }
        var stage = EntryStage(engine, recipe: recipe)
        stage.threads = threads
        let entries = try stage.entries(
            keptIn: output, reusing: entriesFrom, onProgress: onEntries, isCancelled: isCancelled)
        let (skeleton, tree) = docids(of: entries)
        let network = DocidNetwork(configuration(encoder, slots: skeleton.depth + 1), seed: plan.seed)
        var report = Report(
            entries: entries.count, levels: DocidSkeleton(tree).levels.dropFirst().map(\.count))
        let pairs = try unseen(pairs)
        var (recipe, trainedEntries) = (recipe, DocidEntries?.none)
        if !pairs.pairs.isEmpty {
            let tables = DocidTables(tree: tree, entries: entries, entryRate: recipe.entryRate)
            let task = DocidTask(
                network, encoder: encoder, queryEncoder: try engine.queries.trained?.encoder(), pairs: pairs,
                tables: tables, sharpness: recipe.sharpness, options: options)
            report.training = try train(task, output, onProgress)
            if recipe.entryRate != nil { trainedEntries = tables.currentEntries }
        }
        func write() throws -> TrainedDocids {
            if trainedEntries == nil { recipe.entryRate = nil }
            try DocidFolder.setTrainedEntries(trainedEntries, of: stage, in: output)
            try network.write(
                to: output, as: elementType, members: [recipe.member()],
                tensors: DocidFolder.tensors(skeleton))
            return TrainedDocids(
                .entries(
                    try DocidModel(directory: output, encoder: encoder),
                    EntryDocidRetriever(tree: tree, entries: trainedEntries ?? entries)),
                recipe: recipe, planAhead: recipe.planAhead)
        }
        let trained = try write()
        report.comparison = DocidComparison(
            engine, trained, untrained: entries, heldOut(pairs), threads: threads)
        report.docids = trained
        guard let comparison = report.comparison else { return report }
        if !comparison.isBetter {
            network.reset()
            trainedEntries = nil
        }
        recipe.planAhead = comparison.planAhead
        report.docids = try write()
        return report
    }

    /// Docids that are written token by token; of passages, whatever the representations are.
    private func writeSequences(
        _ pairs: QueryPairs, _ encoder: SentenceEncoder, _ output: URL,
        _ onProgress: (TrainingProgress) throws -> Void
    ) throws -> Report {
        guard !pairs.pairs.isEmpty else {
            throw TrainingError.unfit(
                "there is nothing to train on: name queries and judgements, or make queries with \"genret queries make\"")
        }
        let d = encoder.dimension
        let dense = engine.segments.segments.compactMap(\.dense)
        let vectors = FrozenArray<Float>(count: engine.count * d) { output in
            var place = 0
            for segment in dense {
                for index in 0..<segment.vectors.count { output[place + index] = segment.vectors[index] }
                place += segment.vectors.count
            }
        }
        let docids = builder.sequences(vectors: vectors, dimension: d)
        let network = DocidSequenceNetwork(
            configuration(encoder, slots: max(1, docids.longest), vocabulary: docids.vocabularySize),
            seed: plan.seed)
        let task = DocidSequenceTask(
            network, encoder: encoder, pairs: pairs, docids: docids.sequences, options: options)
        let result = try train(task, output, onProgress)
        let retriever = SequenceDocidRetriever(docids.sequences)
        let stored = StoredSequences(
            retriever: retriever, fingerprint: EntryStage(engine, recipe: recipe).passagesFingerprint)
        try DocidFolder.replace("sequences.gnr", in: output) { path throws(StorageError) in
            try stored.write(to: path)
        }
        var recipe = recipe
        func write() throws -> TrainedDocids {
            try network.write(to: output, as: elementType, members: [recipe.member()])
            return TrainedDocids(
                .sequences(try DocidSequenceModel(directory: output, encoder: encoder), retriever),
                recipe: recipe, planAhead: recipe.planAhead)
        }
        var report = Report(
            training: result, entries: engine.count, levels: [docids.vocabularySize], docids: try write())
        report.comparison = report.docids.flatMap {
            DocidComparison(engine, $0, heldOut(pairs), threads: threads)
        }
        guard let comparison = report.comparison else { return report }
        recipe.planAhead = comparison.planAhead
        report.docids = try write()
        return report
    }

    /// The pairs whose queries are no entries themselves: those would find their own copies.
    private func unseen(_ pairs: QueryPairs) throws -> QueryPairs {
        var known: Set<String> = []
        for maker in recipe.representations.contains(.queries) ? recipe.makers : [] {
            guard let made = try engine.passageQueries(maker) else { continue }
            for place in 0..<made.count { known.insert(try made.item(place).text) }
        }
        return known.isEmpty ? pairs : pairs.without { known.contains(QueryText.tidy($0)) }
    }

    private func train(
        _ task: any TrainingTask, _ output: URL, _ onProgress: (TrainingProgress) throws -> Void
    ) throws -> TrainingResult {
        try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads)).run(onProgress: onProgress)
    }

    /// Held-out queries to compare on; more would tell little.
    private func heldOut(_ pairs: QueryPairs) -> [(text: String, passage: Int32)] {
        pairs.heldOut.prefix(500).map { (text: pairs.texts[Int($0.query)], passage: $0.passage) }
    }

    private func configuration(
        _ encoder: SentenceEncoder, slots: Int, vocabulary: Int? = nil
    ) -> DocidModelConfiguration {
        .init(
            encoder: encoder.directory.lastPathComponent, width: encoder.dimension, layerCount: layers,
            headCount: encoder.headCount, feedForwardWidth: 4 * encoder.dimension, slotCount: slots,
            vocabularySize: vocabulary, isPrefixAware: recipe.scheme.isPrefixAware)
    }

    private var builder: DocidSkeletonBuilder {
        var builder = DocidSkeletonBuilder()
        builder.scheme = recipe.scheme
        builder.fanout = recipe.fanout
        builder.leafSize = recipe.leafSize
        builder.codewords = recipe.codewords
        builder.levels = recipe.levels
        builder.seed = recipe.seed
        builder.threads = threads
        return builder
    }

    /// The prefixes, and the tree that an index with the same passages will have.
    private func docids(of entries: DocidEntries) -> (DocidSkeleton, DocidTree) {
        let vectors = entries.vectors.floats()
        let skeleton = DocidFolder.rounded(builder.build(vectors: vectors, dimension: entries.dimension))
        return (skeleton, skeleton.place(vectors, threads: threads))
    }
}
