import Docids
import Foundation
import IndexStore
import Search
import Storage
import Transformers

/// A late-interaction head with the codebook of what it makes of passages' tokens: what the segments' token codes are read with, and
/// those of new passages made. It is of the generator that the index was built with and stays where that goes.
public struct InteractionPart: IndexPart {
    public static let kind: ComponentID = "interaction"
    package static let fileName = "head.gnr"

    public struct Description: Codable, Sendable, Equatable {
        /// SHA-256 of the head's weights.
        public var head: String
        /// Bytes of a token's code.
        public var tokenBytes: Int
    }

    package let coder: TokenCoder

    public var description: Description {
        Description(head: coder.head.weights.fingerprint, tokenBytes: coder.codebook.byteCount)
    }

    /// - Throws: `StorageError` and `DocidError` where its file is damaged; ``EngineError/mismatch(path:what:)`` where it is of another
    ///   encoder.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        coder = try TokenCoder(Container(path: folder.path(Self.fileName), kind: TokenCoder.fileKind))
        guard coder.encoder == environment.snapshot.manifest.encoder?.sha256 else {
            throw EngineError.mismatch(
                path: environment.snapshot.root.path, what: "its late-interaction head is of another encoder")
        }
    }
}

/// The head and codebook of an index; nil where it has none.
package struct IndexTokenCoder: LoadedOnce {
    package let coder: TokenCoder?

    package init(loading index: IndexReader) throws {
        coder = try index.snapshot.part(InteractionPart.self, in: index.environment())?.coder
    }
}
