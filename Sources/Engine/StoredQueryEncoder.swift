import Foundation
import Transformers

/// The query encoder in an index's folder: the index's encoder with weights that were trained to find
/// its passages' vectors. Read when a query first needs it.
package final class StoredQueryEncoder: Sendable {
    private let weights: StoredWeights
    private let base: SentenceEncoder
    private let loaded = ReadOnce<SentenceEncoder>()

    init(folder: URL, _ described: IndexManifest.QueryEncoder, base: SentenceEncoder) {
        weights = StoredWeights(folder: folder, sha256: described.sha256)
        self.base = base
    }

    /// The encoder.
    ///
    /// - Throws: ``EngineError/queryEncoder(path:reason:)`` when it is not what the manifest says.
    package func encoder() throws(EngineError) -> SentenceEncoder {
        try loaded.value { () throws(EngineError) in
            try verify()
            do {
                return try base.withWeights(of: weights.folder)
            } catch {
                throw .queryEncoder(path: weights.folder.path, reason: "\(error)")
            }
        }
    }

    /// Whether the weights are those of the manifest.
    ///
    /// - Throws: ``EngineError/queryEncoder(path:reason:)`` when not.
    package func verify() throws(EngineError) {
        if let problem = weights.problem() {
            throw .queryEncoder(path: weights.file.path, reason: problem)
        }
    }
}
