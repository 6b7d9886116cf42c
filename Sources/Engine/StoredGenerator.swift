import Foundation
import Ranking
import Storage
import Synchronization
import Tensors
import Transformers

/// The trained generator in an index's folder, read when it is first asked for.
package final class StoredGenerator: Sendable {
    private enum State {
        case unread
        case read(Result<TrainedGenerator?, EngineError>)
    }

    private let folder: URL
    private let described: IndexManifest.Generator
    private let encoder: SentenceEncoder
    private let precision: Precision
    private let state = Mutex(State.unread)

    init(
        folder: URL, _ described: IndexManifest.Generator, encoder: SentenceEncoder, precision: Precision
    ) {
        self.folder = folder
        self.described = described
        self.encoder = encoder
        self.precision = precision
    }

    /// The generator; nil where it was not trained for passages. One caller reads it, others wait.
    ///
    /// - Throws: ``EngineError/generator(path:reason:)`` when it is not what the manifest says.
    package func load(marks: NgramMarks) throws(EngineError) -> TrainedGenerator? {
        let result = state.withLock { state -> Result<TrainedGenerator?, EngineError> in
            if case .read(let result) = state { return result }
            let result = Result { () throws(EngineError) in TrainedGenerator(try read(), marks: marks) }
            state = .read(result)
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
