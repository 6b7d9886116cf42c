import Foundation
import IndexStore
import Transformers

/// The encoder that an index was built with, as this machine has it.
package struct IndexEncoder: LoadedOnce {
    package let encoder: SentenceEncoder

    package init(_ encoder: SentenceEncoder) { self.encoder = encoder }

    /// - Throws: ``EngineError/noEncoder(index:)``, ``EngineError/encoderNotInstalled(name:)``,
    ///   ``EngineError/otherEncoder(name:folder:index:)`` or ``EngineError/model(path:reason:)``.
    package init(loading index: IndexReader) throws {
        guard let wanted = index.manifest.encoder else { throw EngineError.noEncoder(index: index.path) }
        guard let folder = index.models.directory(of: wanted.name) else {
            throw EngineError.encoderNotInstalled(name: wanted.name)
        }
        let encoder: SentenceEncoder
        do {
            encoder = try SentenceEncoder(directory: folder)
        } catch {
            throw EngineError.model(path: folder.path, reason: "\(error)")
        }
        // The weights, and what is read beside them: either changes answers.
        guard try encoder.modelHash() == wanted.sha256,
            try wanted.configuration.map({ try encoder.configurationHash() == $0 }) ?? true
        else { throw EngineError.otherEncoder(name: wanted.name, folder: folder.path, index: index.path) }
        self.encoder = encoder
    }
}

/// The index's encoder in the precision of its generator, which reads the passages of a query: they are many.
package struct IndexPassageEncoder: LoadedOnce {
    package let encoder: SentenceEncoder

    package init(loading index: IndexReader) throws {
        encoder = try index.value(IndexEncoder.self).encoder.inPrecision(index.precision)
    }
}
