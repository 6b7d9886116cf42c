import Engine
import Foundation
import Learning
import Memory
import Tensors
import Transformers

/// Trains the encoder of an index's queries: from queries and their passages to a folder with a query encoder. Passages
/// keep their vectors.
public struct DenseTraining: ExportableTraining {
    public struct Details: Sendable {
        /// The share of the trained weights, the rest being those of the start, and the mean reciprocal rank
        /// at 10 of held-out queries with it; empty where none are held out.
        public var shares: [(share: Float, reciprocalRank: Double)]
        /// The share that was written: the best, of equals the smallest. With 0, training has not helped,
        /// and the weights are the start's own.
        public var share: Float
    }

    public let index: IndexReader
    public var plan: TrainingPlan
    public var options = Options()
    /// A trained query encoder that training starts from; nil starts from the index's encoder.
    public var start: URL?
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads = Parallel.cores

    public init(_ index: IndexReader, plan: TrainingPlan) { (self.index, self.plan) = (index, plan) }

    /// Trains, mixes the weights with those of the start as held-out queries say (Wortsman et al. 2022), and writes
    /// them.
    public func run(
        _ pairs: QueryPairs, output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Details> {
        let (task, folder) = try task(pairs)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        // Before a run may put a state's weights there.
        let soup = WeightSoup(task.parameters)
        let team = ThreadTeam(threads: threads)
        let result = try TrainingRun(task, plan, folder: output, team: team).run(monitor)
        var details = Details(shares: [], share: 1)
        var validation: TrainingValidation?
        if task.heldOut.count > 0 {
            let tape = Tape(team: team)
            (details.shares, details.share) = soup.best(of: task.parameters) {
                task.heldOutReciprocalRank(on: tape) ?? 0
            }
            validation = TrainingValidation(
                queries: task.heldOut.count, start: details.shares.first?.reciprocalRank ?? 0,
                trained: details.shares.map(\.reciprocalRank).max() ?? 0)
        }
        try write(task.network, share: details.share, start: folder, to: output)
        return TrainingReport(result: result, validation: validation, details: details)
    }

    public func export(_ pairs: QueryPairs, to folder: URL) throws {
        let (task, start) = try task(pairs)
        try task.job(plan, elementType, start: start).write(to: folder)
    }

    /// What is trained, and the folder of the weights that it starts from.
    private func task(_ pairs: QueryPairs) throws -> (DenseTask, start: URL) {
        let base = try index.value(IndexEncoder.self).encoder
        guard base.poolsByMean, let vectors = try PassageVectors(index) else {
            throw TrainingError.poolsOtherwise(index: index.path)
        }
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        let encoder = try start.map { try base.withWeights(of: $0) } ?? base
        let count = encoder.layerCount
        guard options.layers.map({ (1...count).contains($0) }) ?? true else {
            throw TrainingError.fewerLayers(of: count)
        }
        let network = try EncoderNetwork(contentsOf: encoder.directory) { name in
            options.layers.map { Self.layer(of: name) < count - $0 } ?? false
        }
        let task = try DenseTask(
            network, encoder: encoder, pairs: pairs, index: index, vectors: vectors, options: options,
            threads: threads)
        return (task, encoder.directory)
    }

    /// The layer that a tensor belongs to, from 0; -1 for the embeddings.
    static func layer(of name: String) -> Int {
        let parts = name.split(separator: ".")
        guard let place = parts.firstIndex(of: "layer"), place + 1 < parts.count else { return -1 }
        return Int(parts[place + 1]) ?? -1
    }

    private func write(_ network: EncoderNetwork, share: Float, start: URL, to output: URL) throws {
        let weights = "model.safetensors"
        try ModelFolder.copy(ModelFolder.files.filter { share == 0 || $0 != weights }, of: start, to: output)
        if share != 0 { try network.parameters.write(to: output.appending(path: weights), as: elementType) }
    }
}
