import Foundation
import IndexStore
import Search
import Transformers

/// A trained query encoder in an index: the index's encoder with weights that were trained to find its
/// passages' vectors.
public struct QueryEncoderPart: IndexPart {
    public static let kind: ComponentID = "query-encoder"
    public static let files = ["config.json", "model.safetensors"]

    public struct Description: Codable, Sendable, Equatable {
        public init() {}
    }

    package let encoder: SentenceEncoder

    public var description: Description { .init() }

    /// - Throws: `ModelError` where the weights are damaged or of another shape than the encoder's; why there
    ///   is no encoder.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        encoder = try environment.index().value(IndexEncoder.self).encoder.withWeights(of: folder.url)
    }
}

/// What gives an index's queries their vectors.
package struct IndexQueryEncoder: LoadedOnce {
    package let encoder: SentenceEncoder
    /// Whether it is the passages' own encoder.
    package let isShared: Bool

    package init(loading index: IndexReader) throws {
        if let part = try index.snapshot.part(QueryEncoderPart.self, in: index.environment()) {
            (encoder, isShared) = (part.encoder, false)
        } else {
            (encoder, isShared) = (try index.value(IndexEncoder.self).encoder, true)
        }
    }
}
