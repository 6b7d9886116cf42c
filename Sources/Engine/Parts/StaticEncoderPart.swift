import Foundation
import IndexStore
import Search
import Storage
import Transformers

/// What gives passages vectors that the encoder has not read yet: a table that was fitted to what it made of a sample of them.
public struct StaticEncoderPart: IndexPart {
    public static let kind: ComponentID = "static-encoder"
    package static let fileName = "static.gnr"

    public struct Description: Codable, Sendable, Equatable {
        /// The mean cosine to the encoder's vectors of passages that were not fitted.
        public var cosine: Double
        /// Passages that were fitted.
        public var fitted: Int

        package init(cosine: Double, fitted: Int) { (self.cosine, self.fitted) = (cosine, fitted) }
    }

    package let encoder: StaticEncoder
    public let description: Description

    /// - Throws: `StorageError` where its file is damaged; ``EngineError/mismatch(path:what:)`` where it is of vectors of another length.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        encoder = try StaticEncoder(Container(path: folder.path(Self.fileName), kind: StaticEncoder.fileKind))
        description = try folder.record.description.decoded(as: Description.self)
        guard encoder.dimension == environment.snapshot.manifest.encoder?.dimension else {
            throw EngineError.mismatch(
                path: environment.snapshot.root.path, what: "its static encoder is not of its encoder's length")
        }
    }
}

/// The static encoder of an index; nil where all its vectors are the encoder's own.
package struct IndexStaticEncoder: LoadedOnce {
    package let encoder: StaticEncoder?

    package init(loading index: IndexReader) throws {
        encoder = try index.snapshot.part(StaticEncoderPart.self, in: index.environment())?.encoder
    }
}
