import Docids
import Engine
import Foundation
import Indexing
import Learning
import Memory
import Search
import Transformers

/// What learning docids takes on this machine: a few steps of each kind of network on a small sample, and some questions
/// of the generator.
struct TrainingCalibration {
    /// Networks of a kind take alike long: whether docids are anchored, and how many layers there are.
    private struct Kind: Hashable {
        let isAnchored: Bool
        let layers: Int

        init(_ training: StudyTraining) { (isAnchored, layers) = (training.scheme.isAnchored, training.layers) }
    }

    private var secondsAStep: [Kind: Double] = [:]
    /// A passage is read once, however many questions are written of it.
    private var secondsAPassage = 0.0
    private var secondsAQuestion = 0.0

    static let passages = 200
    static let steps = 8
    /// Questions of each of ``passages``, few and many: the difference is what a question takes.
    private static let questions = (few: 1, many: 9)

    /// - Parameter place: a folder that is not there, and is not there afterwards.
    /// - Returns: nil where nothing is learnt.
    init?(
        _ trainings: [StudyTraining], _ options: IndexOptions, _ census: CorpusCensus, models: ModelCache,
        at place: String, _ monitor: WorkMonitor
    ) throws {
        let learnt = trainings.filter { $0.representation != nil }
        guard !learnt.isEmpty else { return nil }
        defer { try? FileManager.default.removeItem(atPath: place) }
        let generator = try options.generatorFolder(in: models)
        var options = options
        (options.encoderBudget, options.pseudoQueries, options.generator) = (.all, 0, nil)
        try ReportFolder.make(place)
        let (corpus, index) = (place + "/corpus.jsonl", place + "/index.genret")
        _ = try CalibrationSample.write(min(Self.passages, census.passages), of: census, to: corpus)
        _ = try StudyBuilder.build(corpus, at: index, options, models, monitor)
        let text = PassageRepresentation(parts: [.init(source: .first, count: 1)])
        for training in learnt where secondsAStep[Kind(training)] == nil {
            var short = training
            (short.representation, short.length) = (text, .steps(Self.steps))
            let stage = DocidStage(
                training: short, labelled: nil, generator: generator, models: models, monitor: monitor)
            if secondsAStep.isEmpty { _ = try stage.write(text, into: index) }
            let record = try stage.run(
                index, in: place + "/docids-\(secondsAStep.count)", BuildRecord(stages: [], bytes: [:]))
            secondsAStep[Kind(training)] = (record.training?.seconds ?? 0) / Double(Self.steps)
        }
        if let training = learnt.first(where: { $0.representation?.isWritten ?? false }) {
            let stage = DocidStage(
                training: training, labelled: nil, generator: generator, models: models, monitor: monitor)
            func secondsAPassage(_ questions: Int) throws -> Double {
                let text = PassageRepresentation(parts: [.init(source: .queries, count: questions)])
                let wall = try stage.write(text, into: index).reduce(0) { $0 + $1.wall }
                return wall / Double(max(1, min(Self.passages, census.passages)))
            }
            let (few, many) = (try secondsAPassage(Self.questions.few), try secondsAPassage(Self.questions.many))
            secondsAQuestion = max(0, many - few) / Double(Self.questions.many - Self.questions.few)
            self.secondsAPassage = max(0, few - secondsAQuestion * Double(Self.questions.few))
        }
    }

    /// Of the texts and the training, over so many passages.
    func seconds(_ training: StudyTraining, _ size: Int) -> Double {
        let written = training.representation?.parts.filter { $0.source == .queries } ?? []
        let texts = written.reduce(0) { $0 + (secondsAPassage + secondsAQuestion * Double($1.count)) * Double(size) }
        switch training.length {
        case _ where training.representation == nil: return texts
        case .steps(let steps): return texts + Double(steps) * (secondsAStep[Kind(training)] ?? 0)
        case .minutes(let minutes): return texts + 60 * minutes
        }
    }
}
