import IndexStore
import Ranking
import Search
import Storage

/// What late interaction says of every passage for a few anchor queries, by which ``CURRetriever`` tells which passages to score for
/// another.
public struct CURPart: IndexPart {
    public static let kind: ComponentID = "cur"
    package static let fileName = "cur.gnr"

    public struct Description: Codable, Sendable, Equatable {
        /// SHA-256 of the weights of the late-interaction head whose scores they are.
        public var head: String
        public var queries: Int
        public var passages: Int
        /// Whose queries they are; nil: runs of words that were drawn from passages.
        public var source: String?
        public var seed: UInt64

        public init(head: String, queries: Int, passages: Int, source: String?, seed: UInt64) {
            (self.head, self.queries, self.passages) = (head, queries, passages)
            (self.source, self.seed) = (source, seed)
        }
    }

    package let scores: CURScores
    /// From the passages as the scores count them to those of the index.
    package let passages: PassageMap
    public let description: Description

    /// - Throws: `StorageError` where the file is damaged or has other scores than the manifest says.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let container = try Container(path: folder.path(Self.fileName), kind: CURScores.fileKind)
        scores = try CURScores(container)
        passages = try folder.passages
        description = try folder.record.description.decoded(as: Description.self)
        guard scores.queryCount == description.queries, scores.passageCount == description.passages,
            scores.passageCount == passages.count
        else { throw StorageError.damaged(path: container.path, what: "it has other scores than the manifest says") }
    }
}

extension IndexReader {
    /// SHA-256 of the weights of the head that late interaction compares with; nil where the index has none.
    package var interactionHead: String? {
        switch interaction {
        case .stored: described(InteractionPart.self)?.head
        case .generator: described(GeneratorPart.self)?.head
        case nil: nil
        }
    }
}
