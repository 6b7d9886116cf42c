import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// A trained generator in an index: it writes n-grams and questions, and compares queries with passages.
public struct GeneratorPart: IndexPart {
    public static let kind: ComponentID = "generator"
    public static let files = ["config.json", "model.safetensors"]

    public struct Description: Codable, Sendable, Equatable {
        /// What it was trained to write: "body", "title", "question".
        public var tasks: [String]
        public var layers: Int
        /// Whether it has a late-interaction head; nil where it has not.
        public var interacts: Bool?
        /// SHA-256 of that head's weights.
        public var head: String?
    }

    package let model: GeneratorModel

    public var description: Description {
        let configuration = model.configuration
        return Description(
            tasks: configuration.tasks, layers: configuration.layerCount,
            interacts: configuration.interacts ? true : nil, head: model.interaction?.weights.fingerprint)
    }

    /// - Throws: `ModelError` where it is damaged or made for another encoder; why there is no encoder.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let index = try environment.index()
        model = try GeneratorModel(
            directory: folder.url, encoder: index.value(IndexEncoder.self).encoder, precision: index.precision)
    }
}

extension PartEnvironment {
    /// The index that the part is read for, with its models.
    func index() throws -> IndexReader { values[IndexReader.self] ?? IndexReader(snapshot) }
}

/// An index's generator, ready to run.
package struct IndexGenerator: LoadedOnce {
    package let model: GeneratorModel
    /// As the n-gram retriever uses it; nil where it was not trained for passages.
    package let ngrams: TrainedGenerator?

    /// - Throws: ``EngineError/noPart(kind:index:)`` where the index has none, and why it cannot run.
    package init(loading index: IndexReader) throws {
        guard let part = try index.snapshot.part(GeneratorPart.self, in: index.environment()) else {
            throw EngineError.noPart(kind: GeneratorPart.kind, index: index.path)
        }
        try self.init(part.model, for: index)
    }

    package init(_ model: GeneratorModel, for index: IndexReader) throws {
        self.model = model
        let constants = index.snapshot.estimate(.keyConstants, as: KeyTuning.self, using: [GeneratorPart.kind])
        ngrams = TrainedGenerator(
            model, marks: NgramMarks(try index.components(FMIndex.self)[0]), tuning: constants?.value ?? .usual)
    }
}
