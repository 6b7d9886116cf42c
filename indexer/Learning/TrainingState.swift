import Foundation
import Memory
import Storage
import Transformers

/// Everything that a run needs to go on: parameters, moments, the best weights so far, and counters.
///
/// A folder holds `state.safetensors`, which is replaced in one step and has the counters among its
/// metadata, and `state.json`, a copy of them for people.
struct TrainingState {
    var step = 0
    var plannedSteps: Int?
    var bestLoss: Double?
    var bestStep: Int?
    /// Evaluations since then.
    var evaluationsWithoutGain = 0
    /// Time that the run has taken.
    var seconds = 0.0
    /// The weights at the best evaluation, in order of the trained parameters.
    var best: [FrozenArray<Float>] = []

    private static let version = 1
    private static let file = "state.safetensors"
    private static let key = "training"

    /// Whether a folder holds a state.
    static func exists(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: file).path)
    }

    /// Writes the state.
    ///
    /// - Throws: ``ModelError`` when a file cannot be written.
    func write(
        to folder: URL, _ store: ParameterStore, _ plan: TrainingPlan, fingerprint: String
    ) throws {
        var writer = SafetensorsWriter()
        for (index, parameter) in store.trained.enumerated() {
            let (name, shape) = (parameter.name, parameter.shape)
            writer.add("parameters/" + name, shape: shape, parameter.values.frozen(parameter.count))
            if let moments = parameter.moments {
                writer.add("first/" + name, shape: shape, moments.first.frozen(parameter.count))
                writer.add("second/" + name, shape: shape, moments.second.frozen(parameter.count))
            }
            if !best.isEmpty { writer.add("best/" + name, shape: shape, best[index]) }
        }
        let text = String(decoding: json(plan, fingerprint).bytes(), as: UTF8.self)
        writer.metadata[Self.key] = text
        try writer.write(to: folder.appending(path: Self.file))
        try OutputFile.write((text + "\n").utf8, to: folder.appending(path: "state.json").path)
    }

    private func json(_ plan: TrainingPlan, _ fingerprint: String) -> JSONValue {
        func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
        return .object([
            .init("version", number(Self.version)), .init("fingerprint", .string(fingerprint)),
            .init("plan", plan.json), .init("step", number(step)),
            .init("planned_steps", number(plannedSteps)),
            .init("best_loss", bestLoss.map { .number($0) } ?? .null),
            .init("best_step", number(bestStep)),
            .init("evaluations_without_gain", number(evaluationsWithoutGain)),
            .init("seconds", .number(seconds)),
        ])
    }

    /// Reads a state and puts its weights and moments into the parameters.
    ///
    /// Nothing is changed when it throws.
    ///
    /// - Throws: ``LearningError`` when the state is damaged or belongs to another run,
    ///   ``ModelError`` when the file cannot be read.
    init(
        in folder: URL, _ store: ParameterStore, _ plan: TrainingPlan, fingerprint: String
    ) throws {
        let tensors = try Safetensors(contentsOf: folder.appending(path: Self.file))
        func fault(_ reason: String) -> LearningError { .malformed(path: tensors.path, reason: reason) }
        guard let text = tensors.metadata[Self.key],
            let json = try? JSONValue(parsing: Array(text.utf8))
        else { throw fault("not the state of a training run") }
        guard json["version"]?.int == Self.version else {
            throw fault("a state of another version; start the training again")
        }
        guard json["fingerprint"]?.string == fingerprint else {
            throw fault("the state belongs to another model or other data")
        }
        guard json["plan"]?.bytes(sorted: true) == plan.json.bytes(sorted: true) else {
            throw fault("the state belongs to a run with other options")
        }
        guard let step = json["step"]?.int, step >= 0, let seconds = json["seconds"]?.number, seconds >= 0,
            let stale = json["evaluations_without_gain"]?.int
        else { throw fault("the state has no counters") }
        (self.step, self.seconds, evaluationsWithoutGain) = (step, seconds, stale)
        (plannedSteps, bestStep) = (json["planned_steps"]?.int, json["best_step"]?.int)
        bestLoss = json["best_loss"]?.number
        guard plannedSteps.map({ $0 >= step && $0 > 0 }) ?? true else {
            throw fault("the state has no counters")
        }
        let trained = store.trained
        typealias Floats = FrozenArray<Float>
        var read: [(parameter: Parameter, values: Floats, first: Floats?, second: Floats?)] = []
        for parameter in trained {
            func floats(_ kind: String) throws -> Floats? {
                let name = kind + "/" + parameter.name
                return tensors.entry(name) == nil ? nil : try tensors.floats(name, shape: parameter.shape)
            }
            guard let values = try floats("parameters") else {
                throw fault("there is no tensor parameters/\(parameter.name)")
            }
            let (first, second) = (try floats("first"), try floats("second"))
            guard (first == nil) == (second == nil) else {
                throw fault("moments of \(parameter.name) are missing")
            }
            if let value = try floats("best") { best.append(value) }
            read.append((parameter, values, first, second))
        }
        guard bestLoss == nil ? best.isEmpty : best.count == trained.count else {
            throw fault("the best weights are missing")
        }
        for (parameter, values, first, second) in read {
            parameter.copy(values)
            parameter.setMoments(first, second)
        }
    }

    init() {}

    /// Remembers the parameters as the best so far.
    mutating func keepBest(_ store: ParameterStore, loss: Double) {
        (bestLoss, bestStep, evaluationsWithoutGain) = (loss, step, 0)
        best = store.trained.map { FrozenArray($0.values.array($0.count)) }
    }

    /// Gives the parameters the best weights, where there are any.
    func restoreBest(_ store: ParameterStore) {
        for (parameter, values) in zip(store.trained, best) { parameter.copy(values) }
    }
}

extension FloatBuffer {
    /// The first `count` floats where they are; they must not change while the value lives.
    func frozen(_ count: Int) -> FrozenArray<Float> {
        FrozenArray(base: base, count: count, owner: self)
    }
}

extension Parameter {
    /// Replaces the moments; without any, the optimiser starts with zeros.
    func setMoments(_ first: FrozenArray<Float>?, _ second: FrozenArray<Float>?) {
        guard let first, let second else {
            forgetMoments()
            return
        }
        let own = takeMoments()
        first.withUnsafeBuffer { source in
            if let base = source.baseAddress { own.first.base.update(from: base, count: source.count) }
        }
        second.withUnsafeBuffer { source in
            if let base = source.baseAddress { own.second.base.update(from: base, count: source.count) }
        }
    }
}
