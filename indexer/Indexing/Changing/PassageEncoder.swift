import Engine
import Foundation
import IndexStore
import Memory
import Tensors
import Transformers

/// An index's own encoder, in the precision that its passages were encoded in.
enum PassageEncoder {
    /// - Throws: ``EngineError`` where the index has none, or it is missing or another.
    static func of(_ index: IndexReader) throws -> SentenceEncoder {
        // It is checked to be the one that the index was built with.
        let single = try index.value(IndexEncoder.self).encoder
        do {
            return try single.inPrecision(IndexOptions(index.manifest.options).encoderPrecision ?? .float32)
        } catch {
            throw EngineError.model(path: single.directory.path, reason: "\(error)")
        }
    }
}
