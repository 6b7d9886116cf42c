import Corpora
import Docids
import Engine
import Foundation
import Learning
import Memory
import Ranking
import Search
import Storage
import Tensors
import Transformers

/// Makes docids of an index's passages and trains a network to find them: from queries and their passages to a folder
/// with docids.
public struct DocidTraining: Training {
    public struct Details: Sendable {
        /// What docids lead to.
        public var entries: Int
        /// The prefixes of each level, or the tokens of the vocabulary.
        public var levels: [Int]
        /// On the held-out queries; nil without any.
        public var validation: DocidValidation?
        /// Whether what was trained is what was written.
        public var isAccepted = true
        /// As an index would have them.
        package var docids: TrainedDocids?
    }

    public let index: IndexReader
    public var plan: TrainingPlan
    public var recipe = DocidRecipe()
    public var options = Options()
    public var layers = 2
    /// A folder of docids that training goes on from: their network, and their prefixes, by which all passages find their
    /// docids; nil starts anew. Anchored docids only. The trained network is not accepted where it finds held-out queries'
    /// passages worse than the one before.
    public var start: URL?
    /// Folders of other trainings whose entries are taken over where they are the same.
    public var entriesFrom: [URL] = []
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads = Parallel.cores

    public init(_ index: IndexReader, plan: TrainingPlan) { (self.index, self.plan) = (index, plan) }

    /// Makes the docids, trains, and writes all.
    ///
    /// Weights of anchored docids that do not find held-out queries' passages better than no training does are not
    /// accepted: the network then leaves queries as they are, and the entries' vectors are the encoder's. The look-ahead
    /// weight is estimated on the same queries. Without pairs nothing is trained, which autoregressive docids cannot do
    /// without.
    public func run(
        _ pairs: QueryPairs, output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Details> {
        let encoder = try index.value(IndexEncoder.self).encoder
        guard recipe.isSound else { throw TrainingError.impossibleDocids }
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        return recipe.scheme.isAnchored
            ? try trainEntries(pairs, encoder, output, monitor) : try trainSequences(pairs, encoder, output, monitor)
    }

    private func trainEntries(
        _ pairs: QueryPairs, _ encoder: SentenceEncoder, _ output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Details> {
        var stage = EntryStage(index, recipe: recipe)
        stage.threads = threads
        let entries = try stage.entries(keptIn: output, reusing: entriesFrom, monitor)
        let (skeleton, tree) = try docids(of: entries)
        let network = DocidNetwork(try configuration(encoder, skeleton), seed: plan.seed)
        try start.map(network.load)
        var details = Details(
            entries: entries.count, levels: DocidSkeleton(tree).levels.dropFirst().map(\.count))
        let pairs = try unseen(pairs)
        var (recipe, trainedEntries) = (recipe, DocidEntries?.none)
        var result: TrainingResult?
        if !pairs.pairs.isEmpty {
            let tables = DocidTables(tree: tree, entries: entries, entryRate: recipe.entryRate)
            let own = try index.value(IndexQueryEncoder.self)
            let task = DocidTask(
                network, encoder: encoder, queryEncoder: own.isShared ? nil : own.encoder, pairs: pairs,
                tables: tables, inverseTemperature: recipe.inverseTemperature, options: options)
            result = try train(task, output, monitor)
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
                    EntryDocidSearch(tree: tree, entries: trainedEntries ?? entries)),
                recipe: recipe)
        }
        let trained = try write()
        details.validation = try DocidValidation(
            index, trained, untrained: entries, heldOut(pairs), threads: threads)
        details.docids = trained
        guard let validation = details.validation else {
            return TrainingReport(result: result, validation: nil, details: details)
        }
        if let before = try startValidation(entries, tree, encoder, pairs), before.trained > validation.trained,
            let start
        {
            try network.load(from: start)
            trainedEntries = nil
            details.validation = before
            details.isAccepted = false
        } else if !validation.isBetter {
            network.reset()
            trainedEntries = nil
            details.isAccepted = false
        }
        recipe.lookAhead = (details.validation ?? validation).lookAhead
        details.docids = try write()
        return TrainingReport(result: result, validation: validation.asTraining, details: details)
    }

    /// How well the docids that training started from do over the passages that there are now; nil where it started anew.
    private func startValidation(
        _ entries: DocidEntries, _ tree: DocidTree, _ encoder: SentenceEncoder, _ pairs: QueryPairs
    ) throws -> DocidValidation? {
        guard let start else { return nil }
        let docids = TrainedDocids(
            .entries(
                try DocidModel(directory: start, encoder: encoder), EntryDocidSearch(tree: tree, entries: entries)),
            recipe: recipe)
        return try DocidValidation(index, docids, untrained: entries, heldOut(pairs), threads: threads)
    }

    private func configuration(
        _ encoder: SentenceEncoder, _ skeleton: DocidSkeleton
    ) throws -> DocidModelConfiguration {
        guard let start else { return configuration(encoder, slots: skeleton.depth + 1) }
        return try DocidModel(directory: start, encoder: encoder).configuration
    }

    /// Autoregressive docids; of passages, whatever the representations are.
    private func trainSequences(
        _ pairs: QueryPairs, _ encoder: SentenceEncoder, _ output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Details> {
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        let d = encoder.dimension
        guard let vectors = try PassageVectors(index)?.table().matrix.values else {
            throw EngineError.noEncoder(index: index.path)
        }
        let docids = builder.sequences(vectors: FrozenArray(vectors), dimension: d)
        let network = DocidSequenceNetwork(
            configuration(encoder, slots: max(1, docids.longest), vocabulary: docids.vocabularySize),
            seed: plan.seed)
        let task = DocidSequenceTask(
            network, encoder: encoder, pairs: pairs, docids: docids.sequences, options: options)
        let result = try train(task, output, monitor)
        let search = SequenceDocidSearch(docids.sequences)
        let stored = StoredSequences(
            search: search, fingerprint: EntryStage(index, recipe: recipe).passagesFingerprint)
        try DocidFolder.replace(StoredSequences.fileName, in: output) { path throws(StorageError) in
            try stored.write(to: path)
        }
        var recipe = recipe
        func write() throws -> TrainedDocids {
            try network.write(to: output, as: elementType, members: [recipe.member()])
            return TrainedDocids(
                .sequences(try DocidSequenceModel(directory: output, encoder: encoder), search), recipe: recipe)
        }
        let trained = try write()
        var details = Details(entries: index.count, levels: [docids.vocabularySize], docids: trained)
        details.validation = try DocidValidation(index, trained, heldOut(pairs), threads: threads)
        guard let validation = details.validation else {
            return TrainingReport(result: result, validation: nil, details: details)
        }
        recipe.lookAhead = validation.lookAhead
        details.docids = try write()
        return TrainingReport(result: result, validation: validation.asTraining, details: details)
    }

    /// The pairs whose queries are no entries themselves: those would find their own copies.
    private func unseen(_ pairs: QueryPairs) throws -> QueryPairs {
        var known: Set<String> = []
        for generator in recipe.representations.contains(.queries) ? recipe.queryGenerators : [] {
            guard let made = try index.queries(of: generator) else { continue }
            for place in 0..<made.count { known.insert(try made.item(place).text) }
        }
        return known.isEmpty ? pairs : pairs.without { known.contains(WhiteSpace.collapsed($0)) }
    }

    private func train(
        _ task: any TrainingTask, _ output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingResult {
        try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads)).run(monitor)
    }

    /// Held-out queries to validate on; more would tell little.
    private func heldOut(_ pairs: QueryPairs) -> [(text: String, passage: PassageIndex)] {
        pairs.heldOut.prefix(500).map { (text: pairs.texts[Int($0.query)], passage: PassageIndex($0.passage)) }
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
    private func docids(of entries: DocidEntries) throws -> (DocidSkeleton, DocidTree) {
        let vectors = entries.vectors.floats()
        let skeleton =
            try start.map { try DocidFolder.skeleton($0, dimension: entries.dimension) }
            ?? DocidFolder.rounded(builder.build(vectors: vectors, dimension: entries.dimension))
        return (skeleton, skeleton.place(vectors, threads: threads))
    }
}
