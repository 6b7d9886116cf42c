import Foundation
import IndexStore
import Search
import Storage
import Text

/// The tokenizer of an index's texts and queries.
public struct TokenizerPart: IndexPart {
    public static let kind: ComponentID = "tokenizer"
    public static let fileName = "tokenizer.json"

    public struct Description: Codable, Sendable, Equatable {
        public init() {}
    }

    package let tokenizer: Tokenizer

    public var description: Description { .init() }

    /// - Throws: `StorageError/foreign(path:)` where it is not the tokenizer that the manifest tells of, and
    ///   `TokenizerError`.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        tokenizer = try Tokenizer(contentsOf: folder.url.appending(path: Self.fileName))
        guard tokenizer.fingerprint == environment.snapshot.manifest.tokenizer.fingerprint else {
            throw StorageError.foreign(path: folder.path(Self.fileName))
        }
    }
}

/// An index's tokenizer, and as its n-gram index reads texts.
package struct IndexTokenizer: LoadedOnce {
    package let tokenizer: Tokenizer
    package let ngrams: NgramTokenizer

    package init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        ngrams = NgramTokenizer(tokenizer)
    }

    package init(loading index: IndexReader) throws {
        guard let part = try index.snapshot.part(TokenizerPart.self, in: index.environment()) else {
            throw StorageError.damaged(path: index.path, what: "it has no tokenizer")
        }
        self.init(part.tokenizer)
    }
}
