import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import Tensors
import Training
import Transformers

/// What making docids has taken, and what came of it; `train.json` of a training's folder, which is written last.
struct TrainingRecord: Codable, Sendable {
    var build: BuildRecord
    /// Nil where nothing was trained.
    var training: StudyCell.Training?
}

/// Makes an index's docids, trained ones too, on a copy of it.
struct DocidStage {
    let training: StudyTraining
    let labelled: LabelledPairs?
    /// The folder of the generator that writes questions; nil where there is none.
    let generator: URL?
    let models: ModelCache
    let monitor: WorkMonitor

    /// The share of queries that is held out of training, and the most: on them a training is validated.
    private static let heldOut = (share: 0.05, most: 200)

    /// Writes the texts that a representation takes into an index, a part for each source.
    ///
    /// - Returns: what that took.
    func write(
        _ representation: PassageRepresentation, into index: String
    ) throws -> [StudyCell.Build.Stage] {
        let recorder = StageRecorder(monitor)
        // The generator as it came: which one an index keeps depends on what it does for n-grams.
        if representation.isWritten, let generator {
            _ = try GeneratorPart.set(generator, in: URL(filePath: index), models: models, monitor: monitor)
        }
        for part in representation.parts where part.source != .labelled {
            var options = SyntheticQueryBuilder.Options()
            options.perPassage = part.count
            // All of them, so that representations differ in what they are and not in what a filter thinks of it.
            options.filter = RoundTripFilter(keep: 0)
            options.seed = training.seed
            _ = try SyntheticQueryBuilder.update(
                index, options: options, models: models, monitor: recorder.monitor
            ) { [try Self.generator(part.source, $0)] }
        }
        return recorder.stages.map { $0.named(BuildRecord.docidTexts) }
    }

    private static func generator(
        _ source: PassageRepresentation.Source, _ index: IndexReader
    ) throws -> any QueryGenerator {
        switch source {
        case .first: PassageWindows(isFirst: true)
        case .spans: PassageWindows(isFirst: false)
        case .queries: try QueryGenerators.Name.generator.make(for: index)
        case .sentences: try QueryGenerators.Name.sentences.make(for: index)
        case .terms: try QueryGenerators.Name.terms.make(for: index)
        case .title: try QueryGenerators.Name.title.make(for: index)
        case .labelled: preconditionFailure("labelled queries are read, not made")
        }
    }

    /// Trains, and puts the docids into the index.
    ///
    /// - Parameters:
    ///   - folder: where the training goes on if it was there before.
    ///   - build: what the index has taken so far.
    /// - Throws: ``StudyError/nothingToLearn(representation:)``, and what a training throws.
    func run(_ index: String, in folder: String, _ build: BuildRecord) throws -> TrainingRecord {
        let recorder = StageRecorder(monitor)
        let report = try train(index, folder, recorder.monitor)
        _ = try DocidsPart.set(
            URL(filePath: folder), in: URL(filePath: index), models: models, monitor: recorder.monitor)
        var record = TrainingRecord(build: build)
        record.build.stages += recorder.stages.map {
            $0.name == "training" ? $0.named(BuildRecord.docidTraining) : $0
        }
        record.build.bytes = try IndexState.bytes(of: index)
        record.training = report.result.map { result in
            .init(
                steps: result.steps, seconds: result.seconds, loss: result.bestLoss, kept: result.bestStep,
                accepted: report.details.isAccepted)
        }
        return record
    }

    private func train(
        _ index: String, _ folder: String, _ monitor: WorkMonitor
    ) throws -> TrainingReport<DocidTraining.Details> {
        let reader = try IndexReader.open(index, models: models)
        let pairs = try pairs(reader)
        var job = DocidTraining(reader, plan: plan)
        job.recipe = DocidRecipe(scheme: training.scheme)
        job.recipe.representations = [.passage]
        job.recipe.seed = training.seed
        job.layers = training.layers
        job.options.batch = StudyTraining.batch
        return try job.run(pairs, output: URL(filePath: folder), monitor)
    }

    private func pairs(_ index: IndexReader) throws -> QueryPairs {
        var pairs = QueryPairs()
        guard let representation = training.representation else { return pairs }
        for part in representation.parts {
            switch part.source {
            case .labelled:
                guard let labelled else { continue }
                try pairs.addLabelled(queries: labelled.queries, qrels: labelled.qrels, index: index)
            default: try pairs.addSynthetic(of: Self.generator(part.source, index).name, index: index)
            }
        }
        pairs.holdOut(share: Self.heldOut.share, limit: Self.heldOut.most, seed: training.seed)
        guard !pairs.pairs.isEmpty else { throw StudyError.nothingToLearn(representation: representation.description) }
        return pairs
    }

    private var plan: TrainingPlan {
        var plan: TrainingPlan
        switch training.length {
        case .steps(let steps):
            plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 5e-4))
            plan.warmup = min(100, max(1, steps / 10))
            // Held-out queries are asked five times, so that long trainings do not cost more for it.
            plan.evaluationInterval = max(1, steps / 5)
        case .minutes(let minutes):
            plan = TrainingPlan(.minutes(minutes), optimiser: AdamW(learningRate: 5e-4))
        }
        plan.optimiser.beta2 = 0.98
        plan.checkpointInterval = min(200, plan.evaluationInterval)
        plan.seed = training.seed
        return plan
    }
}
