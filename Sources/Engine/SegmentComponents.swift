import Docids
import FMIndex
import IndexStore
import Ranking
import Search
import Storage

/// External ids, titles and texts of a segment's passages.
public struct PassageStore: SegmentComponent {
    public static let id: ComponentID = "passages"
    public static let fileKind = "passages"

    public let ids: StringTable
    public let texts: DocumentStore

    public var passageCount: Int { ids.count }

    public init(_ container: Container) throws {
        ids = try StringTable(container, prefix: "ids")
        texts = try DocumentStore(container)
        guard texts.count == ids.count else {
            throw StorageError.damaged(path: container.path, what: "\(texts.count) texts of \(ids.count) passages")
        }
    }
}

extension FMIndex: SegmentComponent {
    public static let id: ComponentID = "ngrams"
    public var passageCount: Int { documentCount }
}

extension SparseIndex: SegmentComponent {
    public static let id: ComponentID = "terms"
    public var passageCount: Int { documentCount }
}

extension DenseIndex: SegmentComponent {
    public static let id: ComponentID = "vectors"
    public var passageCount: Int { count }
}

/// The docids that a segment's own vectors give: a tree, and residual-quantised codes.
public struct SegmentDocids: SegmentComponent {
    public static let id: ComponentID = "docids"
    public static let fileKind = "docids"

    /// Residual-quantised codes, and the prefix tree of those that occur.
    public struct Quantised: Sendable {
        public var quantiser: ResidualQuantiser
        public var trie: DocidTrie

        public init(quantiser: ResidualQuantiser, trie: DocidTrie) { (self.quantiser, self.trie) = (quantiser, trie) }
    }

    public var tree: DocidTree
    /// Nil in an index that is made for an estimate only.
    public var quantised: Quantised?

    public var passageCount: Int { tree.documentCount }

    public init(tree: DocidTree, quantised: Quantised?) { (self.tree, self.quantised) = (tree, quantised) }

    public init(_ container: Container) throws {
        tree = try DocidTree { try container.bytes($0) }
        guard container.contains("docids.quantiser.sizes") else { return }
        let quantiser = try ResidualQuantiser { try container.bytes($0) }
        let trie = try DocidTrie { try container.bytes($0) }
        guard trie.documentCount == tree.documentCount, trie.depth == quantiser.levelCount,
            tree.dimension == quantiser.dimension
        else { throw StorageError.damaged(path: container.path, what: "its docids do not fit together") }
        quantised = Quantised(quantiser: quantiser, trie: trie)
    }

    /// Writes all sections.
    public func write(to writer: ContainerWriter) throws(StorageError) {
        let codes = quantised.map { $0.quantiser.sections() + $0.trie.sections() } ?? []
        for section in tree.sections() + codes { try writer.write(section.name, section.bytes) }
        try writer.finish()
    }
}
