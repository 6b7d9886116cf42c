import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Search
import Transformers

/// An index of the sample corpus under a tiny encoder that lies beside the tests, so that these need no
/// model of the machine.
public enum TinySample {
    public static let models = ModelCache(
        directory: Sample.root.appending(path: "Tests/TransformersTests/Fixtures"))
    public static let encoder = models.directory.appending(path: "tiny_bert")
    public static let generator = models.directory.appending(path: "tiny_generator")

    /// Builds the index at a place, in several segments where a limit is given.
    public static func build(
        at place: String, segmentTokens: Int? = nil, corpus: String = Sample.path, pseudoQueries: Int = 3,
        vectors: VectorProfile = .int8
    ) throws {
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = pseudoQueries
        options.vectorProfile = vectors
        var builder = IndexBuilder(corpus: corpus, destination: place, options: options, models: models)
        builder.segmentTokenLimit = segmentTokens
        _ = try builder.build()
    }

    /// Puts the tiny generator, or another, into the index at a place.
    public static func setGenerator(in place: String, from folder: URL = generator) throws {
        _ = try GeneratorPart.set(folder, in: URL(filePath: place), models: models)
    }

    public static func open(_ place: String) throws -> Engine { try Engine.open(place, models: models) }

    /// The folder of a part of the index at a place.
    public static func folder(of kind: ComponentID, in place: String) throws -> URL {
        let snapshot = try IndexSnapshot.open(URL(filePath: place))
        guard let folder = try snapshot.folder(of: kind) else {
            throw EngineError.noPart(kind: kind, index: place)
        }
        return folder.url
    }

    /// A copy of the tiny generator with changes of its configuration's text.
    public static func generator(_ place: URL, replacing old: String, with new: String) throws -> URL {
        try FileManager.default.copyItem(at: generator, to: place)
        let file = place.appending(path: "config.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing(old, with: new).utf8).write(to: file)
        return place
    }
}

extension TinySample {
    /// Weights beside the tiny encoder's, with all that a sentence encoder needs.
    public static func otherEncoder(_ place: URL) throws -> URL {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for name in ["config.json", "tokenizer.json"] {
            try FileManager.default.copyItem(at: encoder.appending(path: name), to: place.appending(path: name))
        }
        let tensors = try Safetensors(contentsOf: encoder.appending(path: "model.safetensors"))
        var writer = SafetensorsWriter()
        for entry in tensors.entries where entry.type == .float32 {
            let values = try tensors.floats(entry.name, shape: entry.shape).toArray()
            let changed = values.enumerated().map { $1 + Float($0 % 7) * 0.02 }
            writer.add(entry.name, shape: entry.shape, FrozenArray(changed))
        }
        try writer.write(to: place.appending(path: "model.safetensors"))
        return place
    }
}

extension TinySample {
    /// The tiny generator with a late-interaction head of random weights.
    public static func generatorWithHead(_ place: URL, seed: UInt64 = 1) throws -> URL {
        _ = try generator(place, replacing: "\"tasks\"", with: "\"late_interaction\": true,\n \"tasks\"")
        let file = place.appending(path: "model.safetensors")
        let tensors = try Safetensors(contentsOf: file)
        var writer = SafetensorsWriter()
        for entry in tensors.entries {
            writer.add(entry.name, shape: entry.shape, try tensors.floats(entry.name, shape: entry.shape))
        }
        var random = SeededGenerator(seed: seed)
        for (name, shape) in LateInteraction.shapes(width: 32) {
            let values = (0..<shape.reduce(1, *)).map { _ in Float(random.unit() - 0.5) }
            writer.add(name, shape: shape, FrozenArray(values))
        }
        try writer.write(to: file)
        return place
    }
}
