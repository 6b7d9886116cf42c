import Foundation
import Ranking
import Storage
import Synchronization
import Tensors
import Transformers

/// The trained generator in an index's folder, read when it is first asked for.
package final class StoredGenerator: Sendable {
    private struct Loaded: Sendable {
        var model: GeneratorModel
        /// Nil where the model was not trained for passages.
        var trained: TrainedGenerator?
    }

    private let folder: URL
    private let described: IndexManifest.Generator
    private let encoder: SentenceEncoder
    private let precision: Precision
    private let marks: NgramMarks
    private let loaded = Mutex(Result<Loaded, EngineError>?.none)

    init(
        folder: URL, _ described: IndexManifest.Generator, encoder: SentenceEncoder, precision: Precision,
        marks: NgramMarks
    ) {
        self.folder = folder
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

    /// One caller reads the files, others wait.
    private func load() throws(EngineError) -> Loaded {
        let result = loaded.withLock { loaded in
            let result = loaded ?? Result { () throws(EngineError) in
                let model = try read()
                return Loaded(
                    model: model,
                    trained: TrainedGenerator(model, marks: marks, tuning: described.tuning ?? .usual))
            }
            loaded = result
            return result
        }
        return try result.get()
    }

    /// Whether the weights are those of the manifest.
    ///
    /// - Throws: ``EngineError/generator(path:reason:)`` when not.
    package func verify() throws(EngineError) {
        let file = folder.appending(path: "model.safetensors")
        guard let bytes = try? Data(contentsOf: file, options: .alwaysMapped) else {
            throw .generator(path: file.path, reason: "it cannot be read")
        }
        guard bytes.withUnsafeBytes({ SHA256.hex(of: $0) }) == described.sha256 else {
            throw .generator(path: file.path, reason: "the weights are not those that the manifest names")
        }
    }

    private func read() throws(EngineError) -> GeneratorModel {
        try verify()
        do {
            return try GeneratorModel(directory: folder, encoder: encoder, precision: precision)
        } catch {
            throw .generator(path: folder.path, reason: "\(error)")
        }
    }
}
