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
        public var entries: Int
        /// The prefixes of each level.
        public var levels: [Int]
        /// On the held-out queries; nil without any.
        public var comparison: DocidComparison?
    }

    /// Makes the docids, trains, or goes on with the training whose state is in the output folder, and
    /// writes all.
    ///
    /// Weights that do not find held-out queries' passages better than no training does are not kept:
    /// the network then leaves queries as they are. The weight of planning ahead is estimated on the same
    /// queries.
    ///
    /// - Throws: ``TrainingError`` where the index has no encoder; ``IndexingError`` where the entries
    ///   cannot be made; ``LearningError`` and ``ModelError``; what the callbacks throw.
    public func run(
        _ pairs: QueryPairs, output: URL, onEntries: @escaping (IndexProgress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }, onProgress: (TrainingProgress) throws -> Void
    ) throws -> Report {
        guard let encoder = engine.queries.encoder else {
            throw TrainingError.unfit("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        guard recipe.isSound else { throw TrainingError.unfit("the docids' options are impossible") }
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        var stage = EntryStage(engine, recipe: recipe)
        stage.threads = threads
        let entries = try stage.entries(
            keptIn: output, reusing: entriesFrom, onProgress: onEntries, isCancelled: isCancelled)
        let (skeleton, tree) = docids(of: entries)
        let network = DocidNetwork(
            .init(
                encoder: encoder.directory.lastPathComponent, width: encoder.dimension, layerCount: layers,
                headCount: encoder.headCount, feedForwardWidth: 4 * encoder.dimension,
                slotCount: skeleton.depth + 1), seed: plan.seed)
        var report = Report(
            training: nil, entries: entries.count,
            levels: DocidSkeleton(tree).levels.dropFirst().map(\.count), comparison: nil)
        if !pairs.pairs.isEmpty {
            let task = DocidTask(
                network, encoder: encoder, pairs: pairs, tables: DocidTables(tree: tree, entries: entries),
                sharpness: recipe.sharpness, options: options)
            report.training = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
                .run(onProgress: onProgress)
        }
        var recipe = recipe
        func write() throws {
            try network.write(
                to: output, as: elementType, members: [recipe.member()],
                tensors: DocidFolder.tensors(skeleton))
        }
        try write()
        let retriever = EntryDocidRetriever(tree: tree, entries: entries)
        let model = try DocidModel(directory: output, encoder: encoder)
        // More would tell little.
        let held = pairs.heldOut.prefix(500).map { (text: pairs.texts[Int($0.query)], passage: $0.passage) }
        guard let comparison = DocidComparison(
            engine, TrainedDocids(model: model, retriever: retriever, recipe: recipe, planAhead: nil), held,
            threads: threads)
        else { return report }
        if !comparison.isBetter { network.reset() }
        recipe.planAhead = comparison.planAhead
        try write()
        report.comparison = comparison
        return report
    }

    /// The prefixes, and the tree that an index with the same passages will have.
    private func docids(of entries: DocidEntries) -> (DocidSkeleton, DocidTree) {
        var builder = DocidSkeletonBuilder()
        builder.scheme = recipe.scheme
        builder.fanout = recipe.fanout
        builder.leafSize = recipe.leafSize
        builder.codewords = recipe.codewords
        builder.levels = recipe.levels
        builder.seed = recipe.seed
        builder.threads = threads
        let vectors = entries.vectors.floats()
        let skeleton = DocidFolder.rounded(builder.build(vectors: vectors, dimension: entries.dimension))
        return (skeleton, skeleton.place(vectors, threads: threads))
    }
}
