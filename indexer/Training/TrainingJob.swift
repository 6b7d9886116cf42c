import Engine
import Foundation
import IndexStore
import Learning
import Memory
import Storage
import Transformers

/// A training as a folder that another program can run: `job.json`, `data.safetensors` and models, as
/// docs/format.md describes. The trainer in `trainer/` runs it with PyTorch.
struct TrainingJob {
    static let format = 1

    let kind: String
    let plan: TrainingPlan
    /// How the trained weights are to be stored.
    let elementType: Safetensors.ElementType
    /// What the kind is told.
    var options: [JSONValue.Member] = []
    private var data = SafetensorsWriter()
    private var models: [(name: String, write: (URL) throws -> Void)] = []

    init(_ kind: String, _ plan: TrainingPlan, _ elementType: Safetensors.ElementType) {
        (self.kind, self.plan, self.elementType) = (kind, plan, elementType)
    }

    mutating func option(_ name: String, _ value: Int?) {
        options.append(.init(name, value.map { .number(Double($0)) } ?? .null))
    }

    mutating func option(_ name: String, _ value: Float) {
        // By way of its shortest text, 0.05 and not the double next to it.
        options.append(.init(name, .number(Double("\(value)") ?? Double(value))))
    }

    mutating func option(_ name: String, _ value: String) { options.append(.init(name, .string(value))) }

    mutating func add(_ name: String, _ lists: TokenLists) {
        data.add(name + ".tokens", shape: [lists.tokens.count], lists.tokens)
        data.add(name + ".offsets", shape: [lists.offsets.count], lists.offsets.map(Int64.init))
    }

    mutating func add(_ name: String, _ pairs: [QueryPairs.Pair]) {
        data.add(name, shape: [pairs.count, 2], pairs.flatMap { [$0.query, $0.passage] })
    }

    mutating func add(_ name: String, _ numbers: [Int32]) { data.add(name, shape: [numbers.count], numbers) }

    mutating func add(_ name: String, flags: [Bool]) { add(name, flags.map { $0 ? 1 : 0 }) }

    mutating func add(_ name: String, _ rows: FrozenArray<Float>, columns: Int) {
        data.add(name, shape: [rows.count / columns, columns], rows)
    }

    /// Adds a model's folder, which `write` fills with `config.json` and `model.safetensors`.
    mutating func add(model name: String, write: @escaping (URL) throws -> Void) { models.append((name, write)) }

    /// Adds a copy of a model's folder.
    mutating func add(model name: String, copyOf folder: URL) {
        add(model: name) { try ModelFolder.copy(ModelFolder.files, of: folder, to: $0) }
    }

    /// Writes the folder, which appears whole.
    ///
    /// - Throws: ``TrainingError`` when something stands there; ``StorageError``, ``ModelError`` and what the
    ///   models' writers throw.
    func write(to folder: URL) throws {
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw TrainingError.taken(path: folder.path)
        }
        let directory = try AtomicDirectory(destination: folder)
        do {
            try data.write(to: directory.staging.appending(path: "data.safetensors"))
            for model in models {
                let place = directory.staging.appending(path: model.name)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try model.write(place)
            }
            let files = ["data.safetensors"] + models.map { "\($0.name)/model.safetensors" }
            let hashes = try files.map { JSONValue.Member($0, .string(try hash(directory.staging, $0))) }
            try Data(json(hashes).bytes() + Array("\n".utf8))
                .write(to: directory.staging.appending(path: "job.json"))
            try directory.commit()
        } catch {
            directory.discard()
            throw error
        }
    }

    private func hash(_ folder: URL, _ name: String) throws -> String {
        try Data(contentsOf: folder.appending(path: name), options: .alwaysMapped)
            .withUnsafeBytes { SHA256.hex(of: $0) }
    }

    private func json(_ hashes: [JSONValue.Member]) -> JSONValue {
        .object([
            .init("format", .number(Double(Self.format))), .init("genret", .string(GenretVersion.current)),
            .init("kind", .string(kind)), .init("weights", .string(elementType.rawValue)),
            .init("plan", plan.exported), .init("options", .object(options)), .init("sha256", .object(hashes)),
        ])
    }
}

/// The files of a model that trainings read and write.
enum ModelFolder {
    static let files = ["config.json", "model.safetensors"]

    /// Copies files into a folder that exists, each in one step.
    static func copy(_ files: [String], of folder: URL, to place: URL) throws {
        for name in files {
            let data = try Data(contentsOf: folder.appending(path: name), options: .alwaysMapped)
            try OutputFile.write(data, to: place.appending(path: name).path)
        }
    }
}

extension TrainingPlan {
    /// The plan as `job.json` has it.
    var exported: JSONValue {
        func number(_ value: Float) -> JSONValue { .number(Double("\(value)") ?? Double(value)) }
        func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
        let (steps, minutes): (Int?, Double?) =
            switch length {
            case .steps(let steps): (steps, nil)
            case .minutes(let minutes): (nil, minutes)
            }
        return .object([
            .init("steps", number(steps)), .init("minutes", minutes.map { .number($0) } ?? .null),
            // As text: a number of JSON may have 53 bits.
            .init("seed", .string("\(seed)")), .init("learning_rate", number(optimiser.learningRate)),
            .init("weight_decay", number(optimiser.weightDecay)), .init("beta1", number(optimiser.beta1)),
            .init("beta2", number(optimiser.beta2)), .init("epsilon", number(optimiser.epsilon)),
            .init("warmup", number(warmup)), .init("clip", clip.map { .number($0) } ?? .null),
            .init("accumulation", number(accumulation)), .init("evaluation_interval", number(evaluationInterval)),
            .init("checkpoint_interval", number(checkpointInterval)), .init("patience", number(patience)),
        ])
    }
}
