import Foundation
import Learning
import Memory
import Storage
import Tensors
import TestSupport
import Transformers

/// What PyTorch computed, and the weights it began with; `Fixtures/make_learning_fixture.py`.
struct Fixture {
    let json: JSONValue
    let tensors: Safetensors

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        json = try JSONValue(parsing: Array(Data(contentsOf: folder.appending(path: "learning.json"))))
        tensors = try Safetensors(contentsOf: folder.appending(path: "learning.safetensors"))
    }

    /// The script's `pseudo`: numbers that any language can make.
    static func pseudo(_ count: Int, stream: Int, scale: Double) -> [Float] {
        (0..<count).map { Float((Double(($0 * 7919 + stream * 104_729) % 10_007) / 10_007 - 0.5) * scale) }
    }

    /// The script's `weights`.
    static func weights(_ name: String, _ shape: [Int]) -> [Float] {
        let stream = name.utf8.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) }
        let isGain = name.lowercased().contains("norm") && name.hasSuffix("weight")
        return (0..<shape.reduce(1, *)).map {
            Float((Double(($0 * 7919 + stream * 104_729) % 10_007) / 10_007 - 0.5) * 0.6 + (isGain ? 1 : 0))
        }
    }

    func numbers(_ model: String, _ name: String) -> [Double] {
        (json[model]?[name]?.array ?? []).compactMap(\.number)
    }

    func number(_ name: String) -> Float { Float(json[name]?.number ?? .nan) }

    func floats(_ name: String) throws -> [Float] {
        guard let entry = tensors.entry(name) else { throw LearningError.malformed(path: name, reason: "missing") }
        return try tensors.floats(name, shape: entry.shape).toArray()
    }
}

extension JSONValue {
    var tokens: [Int32] { (array ?? []).compactMap(\.int).map(Int32.init) }

    /// A list of pairs [token, weight].
    var aims: [(token: Int32, weight: Float)] {
        (array ?? []).map { (Int32($0.array?[0].int ?? -1), Float($0.array?[1].number ?? .nan)) }
    }
}

extension Fixture {
    /// The tiny generator of the fixture and its batch.
    func generator() throws -> (network: GeneratorNetwork, batch: GeneratorBatch) {
        guard let generator = json["generator"], let config = generator["config"] else { throw CancellationError() }
        let configuration = try GeneratorConfiguration(config, path: "learning.json")
        let d = configuration.width
        let words = Parameter(name: "words", shape: [configuration.vocabularySize, d], isFrozen: true)
        words.update { _ = $0.update(fromContentsOf: Self.pseudo(words.count, stream: 5, scale: 1)) }
        let network = GeneratorNetwork(configuration, words: words, seed: 1)
        for parameter in network.parameters.parameters {
            parameter.update { _ = $0.update(fromContentsOf: Self.weights(parameter.name, parameter.shape)) }
        }
        let sources = (generator["sources"]?.array ?? []).map(\.tokens)
        let special = Set(generator["special"]?.tokens ?? [])
        let states = sources.enumerated().flatMap { Self.pseudo($1.count * d, stream: 6 + $0, scale: 2) }
        let batch = GeneratorBatch(
            states: Matrix(rows: states.count / d, columns: d, values: states),
            sources: Sequences(lengths: sources.map(\.count)),
            sourceTokens: sources.flatMap { $0 }.map { special.contains($0) ? -1 : $0 },
            targets: (generator["targets"]?.array ?? []).map { target in
                GeneratorBatch.Target(
                    source: target["source"]?.int ?? 0, task: target["task"]?.int ?? 0,
                    tokens: target["tokens"]?.tokens ?? [], first: target["first"]?.aims)
            })
        return (network, batch)
    }

    /// The tiny encoder of the fixture, from a folder as Hugging Face writes it.
    func encoder(isFrozen: (String) -> Bool = { _ in false }) throws -> EncoderNetwork {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        guard let config = json["encoder"]?["config"] else { throw CancellationError() }
        try Data(config.bytes()).write(to: folder.url.appending(path: "config.json"))
        var writer = SafetensorsWriter()
        let prefix = "encoder/after/"
        for entry in tensors.entries where entry.name.hasPrefix(prefix) {
            let name = String(entry.name.dropFirst(prefix.count))
            writer.add(name, shape: entry.shape, FrozenArray(Self.weights(name, entry.shape)))
        }
        try writer.write(to: folder.url.appending(path: "model.safetensors"))
        return try EncoderNetwork(contentsOf: folder.url, isFrozen: isFrozen)
    }

    /// The encoder's loss: the fixed vectors that its texts should find.
    func encoderLoss(_ network: EncoderNetwork) -> (Tape) -> Variable {
        let encoder = json["encoder"] ?? .null
        let texts = (encoder["texts"]?.array ?? []).map(\.tokens)
        let count = encoder["vectors"]?.int ?? 0
        let table = Parameter(name: "vectors", shape: [count, network.width], isFrozen: true)
        table.update { values in
            _ = values.update(fromContentsOf: Self.pseudo(values.count, stream: 9, scale: 2))
            for row in 0..<count {
                Vector.normalize(
                    UnsafeMutableBufferPointer(rebasing: values[row * network.width..<(row + 1) * network.width]))
            }
        }
        var targets = SoftTargets()
        for aims in encoder["aims"]?.array ?? [] { targets.append(aims.aims) }
        let scale = Float(1 / (encoder["temperature"]?.number ?? .nan))
        return { tape in
            tape.crossEntropy(network.vectors(texts, on: tape), against: table, scale: scale, targets)
        }
    }
}
