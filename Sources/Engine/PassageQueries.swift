import Memory
import Storage

/// The queries that one query generator made of an index's passages: a file `queries.gnr`.
///
/// Immutable and mapped; the texts are decompressed a block at a time.
public struct PassageQueries: Sendable {
    package static let fileKind = "queries"

    /// A query and the passage that it should find.
    public struct Item: Sendable, Equatable {
        /// The passage, by its index in the whole index.
        public var document: Int32
        public var text: String
        /// The passage's place, from 1, among what the query finds; nil where nobody looked, or it is
        /// not among them.
        public var rank: Int?

        public init(document: Int32, text: String, rank: Int?) {
            self.document = document
            self.text = text
            self.rank = rank
        }
    }

    private var documents: FrozenArray<Int32>
    private let ranks: FrozenArray<UInt32>
    private let texts: DocumentStore
    /// The places in the file of the queries whose passages are still there; nil for all.
    private var kept: [Int32]?

    /// The number of queries.
    public var count: Int { documents.count }

    /// Opens a file's sections.
    ///
    /// - Parameter documentCount: the number of the index's passages.
    /// - Throws: `StorageError` when they are damaged or do not fit together.
    package init(_ container: Container, documentCount: Int) throws(StorageError) {
        documents = try container.section("queries.documents", of: Int32.self)
        ranks = try container.section("queries.ranks", of: UInt32.self)
        texts = try DocumentStore(container)
        let isSound =
            documents.count == ranks.count && documents.count == texts.count
            && documents.indices.allSatisfy { [documents] in
                documents[$0] >= 0 && Int(documents[$0]) < documentCount
                    && ($0 == 0 || documents[$0 - 1] <= documents[$0])
            }
        guard isSound else {
            throw .damaged(path: container.path, what: "the queries and their passages contradict each other")
        }
    }

    /// The queries of the passages that an index still has.
    ///
    /// - Parameter place: of a passage in the index; nil where it is not there any more.
    func moved(_ place: (Int32) -> Int32?) -> PassageQueries {
        var items: [(document: Int32, place: Int32)] = []
        for (own, document) in documents.toArray().enumerated() {
            if let document = place(document) { items.append((document, kept?[own] ?? Int32(own))) }
        }
        items.sort { ($0.document, $0.place) < ($1.document, $1.place) }
        var moved = self
        moved.documents = FrozenArray(items.map(\.document))
        moved.kept = items.map(\.place)
        return moved
    }

    /// A query by its place among all, where passages rise.
    public func item(_ place: Int) throws(StorageError) -> Item {
        let own = kept.map { Int($0[place]) } ?? place
        return Item(
            document: documents[place], text: try texts.passage(own).text, rank: ranks[own] == 0 ? nil : Int(ranks[own])
        )
    }

    /// The places of a passage's queries; O(log count).
    public func places(of document: Int32) -> Range<Int> {
        let first = firstPlace(from: document)
        return first..<max(first, firstPlace(from: document &+ 1))
    }

    private func firstPlace(from document: Int32) -> Int {
        var (low, high) = (0, documents.count)
        while low < high {
            let middle = (low + high) / 2
            if documents[middle] < document { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Writes a file.
    ///
    /// - Parameter items: in rising order of passages.
    package static func write(_ items: [Item], to writer: ContainerWriter) throws(StorageError) {
        try writer.write("queries.documents", items.map(\.document))
        try writer.write("queries.ranks", items.map { UInt32($0.rank ?? 0) })
        var texts = try DocumentStoreWriter(writer)
        for item in items { try texts.add(title: "", text: item.text) }
        try texts.finish()
        try writer.finish()
    }
}
