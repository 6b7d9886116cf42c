import Corpora
import Foundation
import Learning
import Memory
import Tensors
import Transformers

/// Trains an encoder on pairs of texts, without a corpus: from a file of pairs to a folder with the encoder, which an index can then be built
/// with. Both sides are read by the same weights (Reimers and Gurevych 2019; of titles and skills, VacancySBERT, Bocharova et al. 2023).
public struct PairTraining {
    public struct Options: Sendable, Equatable {
        /// Targets of a batch, with up to so many texts each.
        public var batch = 32
        public var texts = 4
        public var temperature: Float = 0.05
        /// The most tokens of a text, special ones included.
        public var length = 128

        public init() {}
    }

    /// How well held-out texts find their targets among all held-out ones.
    public struct Quality: Sendable, Equatable {
        public var reciprocalRank: Double
        /// The share whose target is first.
        public var first: Double
    }

    public struct Report: Sendable {
        public var result: TrainingResult?
        /// Before, and of what was written; nil where nothing was held out.
        public var start, written: Quality?
        /// The share of the trained weights in what was written, the rest being those of the start.
        public var share: Float
    }

    public var plan: TrainingPlan
    public var options = Options()
    /// The folder of the encoder that training starts from.
    public var start: URL
    public var elementType = Safetensors.ElementType.float16
    public var threads = Parallel.cores

    public init(start: URL, plan: TrainingPlan) { (self.start, self.plan) = (start, plan) }

    /// - Throws: ``TrainingError`` and ``LearningError`` where the encoder cannot be trained; what reading and writing throw.
    public func run(_ pairs: TextPairs, output: URL, _ monitor: WorkMonitor) throws -> Report {
        let encoder = try SentenceEncoder(directory: start)
        guard encoder.poolsByMean else { throw TrainingError.poolsOtherwise(index: start.path) }
        let task = try PairTask(
            EncoderNetwork(contentsOf: start), encoder: encoder, pairs: pairs, options: options)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let soup = WeightSoup(task.parameters)
        let team = ThreadTeam(threads: threads)
        let tape = Tape(team: team)
        let before = task.quality(on: tape)
        let result = try TrainingRun(task, plan, folder: output, team: team).run(monitor)
        var share: Float = 1
        if before != nil {
            (_, share) = soup.best(of: task.parameters) { task.quality(on: tape)?.reciprocalRank ?? 0 }
        }
        try write(task.parameters, share: share, to: output)
        return Report(result: result, start: before, written: task.quality(on: tape), share: share)
    }

    /// What an encoder's folder has beside its weights, some of it in some only.
    private static let files = [
        "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "modules.json",
        "sentence_bert_config.json", "1_Pooling/config.json",
    ]

    private func write(_ parameters: ParameterStore, share: Float, to output: URL) throws {
        let there = Self.files.filter { FileManager.default.fileExists(atPath: start.appending(path: $0).path) }
        for folder in Set(there.map { output.appending(path: $0).deletingLastPathComponent() }) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let weights = "model.safetensors"
        try ModelFolder.copy(there + (share == 0 ? [weights] : []), of: start, to: output)
        if share != 0 { try parameters.write(to: output.appending(path: weights), as: elementType) }
    }
}
