import IndexStore
import Search
import Storage

/// Queries that one query generator made of an index's passages, or that its owner judged: of the kind
/// "queries/NAME".
public struct SyntheticQueriesPart: IndexPart {
    public static let kind: ComponentID = "queries"
    public static let fileName = "queries.gnr"

    public struct Description: Codable, Sendable, Equatable {
        /// The query generator's name.
        public var generator: String
        public var count: Int
        /// How many there were before those were left out that do not find their passage.
        public var made: Int
        /// The passages that queries were made of.
        public var passages: Int
        /// Queries find their passage among so many; 0 where nothing was filtered.
        public var keep: Int
        /// The retrievers of which one must find it.
        public var filter: [ComponentID]
        public var seed: UInt64

        public init(
            generator: String, count: Int, made: Int, passages: Int, keep: Int, filter: [ComponentID], seed: UInt64
        ) {
            (self.generator, self.count, self.made, self.passages) = (generator, count, made, passages)
            (self.keep, self.filter, self.seed) = (keep, filter, seed)
        }

        // Indexes of format 2 call the generator so.
        private enum CodingKeys: String, CodingKey {
            case generator = "maker"
            case count, made, passages, keep, filter, seed
        }
    }

    public let queries: PassageQueries
    public let description: Description

    /// The kind of a query generator's part.
    public static func kind(of generator: String) -> ComponentID { ComponentID("\(kind)/\(generator)") }

    /// - Throws: `StorageError` where the file is damaged or has other queries than the manifest says.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let file = folder.record.files.files.first?.name ?? Self.fileName
        let container = try Container(path: folder.path(file), kind: PassageQueries.fileKind)
        let passages = try folder.passages
        let stored = try PassageQueries(container, documentCount: passages.count)
        description = try folder.record.description.decoded(as: Description.self)
        guard stored.count == description.count else {
            throw StorageError.damaged(
                path: container.path, what: "it has \(stored.count) queries, the manifest says \(description.count)")
        }
        let index = try environment.index()
        let living = try index.living()
        guard !passages.isIdentity || !living.passesAll else {
            queries = stored
            return
        }
        queries = stored.moved { document in
            passages[Int(document)].flatMap { living.contains($0) ? $0.rawValue : nil }
        }
    }
}

extension IndexReader {
    /// The query generators whose queries the index holds.
    public var queryGenerators: [String] {
        manifest.parts(below: SyntheticQueriesPart.kind)
            .map { String($0.kind.name.dropFirst(SyntheticQueriesPart.kind.name.count + 1)) }
    }

    /// The queries of a query generator; nil where the index has none.
    public func queries(of generator: String) throws -> PassageQueries? {
        try snapshot.part(
            SyntheticQueriesPart.self, kind: SyntheticQueriesPart.kind(of: generator), in: environment())?.queries
    }
}
