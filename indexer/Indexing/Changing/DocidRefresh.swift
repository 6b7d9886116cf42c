import Docids
import Engine
import Foundation
import IndexStore
import Learning
import Memory
import Search
import Storage
import Training
import Transformers

/// Gives the passages that an index has now their places among its trained docids, and trains these on where there are steps
/// for it.
struct DocidRefresh {
    private let refresh: IndexRefresh
    private let models: ModelCache

    init(_ refresh: IndexRefresh, models: ModelCache) { (self.refresh, self.models) = (refresh, models) }

    /// Passages that queries are made of, for every step.
    private static let passagesAStep = 4
    private static let fewestPassages = 200

    /// - Throws: why the docids cannot be given to other passages than those that they were trained for.
    func run(_ transaction: inout IndexTransaction) throws -> IndexRefresh.Outcome {
        let reader = IndexReader(try transaction.preview(), models: models)
        guard let folder = try reader.snapshot.folder(of: DocidsPart.kind)?.url else {
            throw EngineError.noPart(kind: DocidsPart.kind, index: reader.path)
        }
        let recipe = try DocidRecipe(folder: folder)
        guard recipe.scheme.isAnchored else { throw IndexingError.docidsOfTheirPassages(index: reader.path) }
        guard refresh.steps > 0 else {
            guard recipe.entryRate == nil else { throw IndexingError.docidsOfTheirPassages(index: reader.path) }
            return .entered(try install(folder, &transaction, reader))
        }
        return try train(folder, recipe, &transaction, reader)
    }

    private func install(
        _ folder: URL, _ transaction: inout IndexTransaction, _ reader: IndexReader
    ) throws -> String {
        DocidsPart.summary(of: try DocidsPart.install(folder, in: &transaction, reader, refresh.monitor))
    }

    private func train(
        _ folder: URL, _ recipe: DocidRecipe, _ transaction: inout IndexTransaction, _ reader: IndexReader
    ) throws -> IndexRefresh.Outcome {
        let pairs = try pairs(&transaction, reader)
        var plan = TrainingPlan(.steps(refresh.steps), optimiser: AdamW(learningRate: 1e-4))
        plan.seed = refresh.seed
        plan.warmup = min(10, refresh.steps)
        var training = DocidTraining(reader, plan: plan)
        (training.recipe, training.start, training.threads) = (recipe, folder, refresh.threads)
        let staging = try StagingFolder(in: FileManager.default.temporaryDirectory, prefix: "genret-training-")
        defer { staging.discard() }
        let output = staging.url.appending(path: "docids")
        let report = try training.run(pairs, output: output, refresh.monitor)
        return .trained(try install(output, &transaction, reader), isAccepted: report.details.isAccepted)
    }

    /// Queries of the passages that there are now, a part of them held out: the user's own, and those that the index's
    /// generator writes, or sentences of passages where it writes none. The index gets none of them.
    private func pairs(_ transaction: inout IndexTransaction, _ reader: IndexReader) throws -> QueryPairs {
        let untouched = transaction.manifest
        defer { if let untouched { transaction.restore(untouched) } }
        let generator =
            try (try? QueryGenerators.Name.generator.make(for: reader))
            ?? QueryGenerators.Name.sentences.make(for: reader)
        var options = SyntheticQueryBuilder.Options()
        options.perPassage = 2
        options.passages = Self.fewestPassages + Self.passagesAStep * refresh.steps
        (options.seed, options.threads) = (refresh.seed, refresh.threads)
        let clock = WorkClock(refresh.monitor)
        _ = try SyntheticQueryBuilder(reader, options: options).run(generator, in: &transaction, clock)
        clock.finish()
        var pairs = QueryPairs()
        let now = IndexReader(try transaction.preview(), models: models)
        try pairs.addSynthetic(of: generator.name, index: now)
        if now.queryGenerators.contains(EstimationQueries.labelled), generator.name != EstimationQueries.labelled {
            try pairs.addSynthetic(of: EstimationQueries.labelled, index: now)
        }
        pairs.holdOut(share: 0.2, limit: 500, seed: refresh.seed)
        return pairs
    }
}
