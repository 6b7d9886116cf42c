import Foundation
import Ranking
import Tensors
import Transformers

/// The trained generator in an index's folder, read when it is first asked for.
package final class StoredGenerator: Sendable {
    private struct Loaded: Sendable {
        var model: GeneratorModel
        /// Nil where the model was not trained for passages.
        var trained: TrainedGenerator?
    }

    private let weights: StoredWeights
    private let described: IndexManifest.Generator
    private let encoder: SentenceEncoder
    private let precision: Precision
    private let marks: NgramMarks
    private let loaded = ReadOnce<Loaded>()
    private let quickEncoder = ReadOnce<SentenceEncoder>()

    init(
        folder: URL, _ described: IndexManifest.Generator, encoder: SentenceEncoder, precision: Precision,
        marks: NgramMarks
    ) {
        weights = StoredWeights(folder: folder, sha256: described.sha256)
        self.described = described
        self.encoder = encoder
        self.precision = precision
        self.marks = marks
    }

    /// The generator as the n-gram retriever uses it; nil where it was not trained for passages.
    ///
    /// - Throws: ``EngineError/generator(path:reason:)`` when it is not what the manifest says.
    package func trained() throws(EngineError) -> TrainedGenerator? { try load().trained }

    /// The generator itself.
    ///
    /// - Throws: as ``trained()``.
    package func model() throws(EngineError) -> GeneratorModel { try load().model }

    /// The encoder with the generator's precision, which reads the passages of a query: they are many.
    ///
    /// - Throws: ``EngineError/generator(path:reason:)`` when it cannot be read any more.
    package func reader() throws(EngineError) -> SentenceEncoder {
        guard precision != .float32 else { return encoder }
        return try quickEncoder.value { () throws(EngineError) in
            do {
                return try encoder.withWeights(of: encoder.directory, precision: precision)
            } catch {
                throw .generator(path: encoder.directory.path, reason: "\(error)")
            }
        }
    }

    private func load() throws(EngineError) -> Loaded {
        try loaded.value { () throws(EngineError) in
            let model = try read()
            return Loaded(
                model: model,
                trained: TrainedGenerator(model, marks: marks, tuning: described.tuning ?? .usual))
        }
    }

    /// Whether the weights are those of the manifest.
    ///
    /// - Throws: ``EngineError/generator(path:reason:)`` when not.
    package func verify() throws(EngineError) {
        if let problem = weights.problem() { throw .generator(path: weights.file.path, reason: problem) }
    }

    private func read() throws(EngineError) -> GeneratorModel {
        try verify()
        do {
            return try GeneratorModel(directory: weights.folder, encoder: encoder, precision: precision)
        } catch {
            throw .generator(path: weights.folder.path, reason: "\(error)")
        }
    }
}
