import Docids
import FMIndex
import IndexStore
import Ranking
import Search
import Storage

/// External ids, titles and texts of a segment's passages.
package struct PassageStore: SegmentComponent {
    package static let id: ComponentID = "passages"
    package static let fileKind = "passages"
    /// What the names of the ids' sections start with.
    package static let idsPrefix = "ids"

    package let ids: StringNumbers
    package let texts: DocumentStore
    /// What the passages were cut and encoded with; nil where an older genret wrote them.
    let stamp: SegmentStamp?

    package var passageCount: Int { ids.count }

    package init(_ container: Container) throws {
        ids = try StringNumbers(container, prefix: Self.idsPrefix)
        texts = try DocumentStore(container)
        stamp = try SegmentStamp(container)
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
    package static let id: ComponentID = "terms"
    package var passageCount: Int { documentCount }
}

extension DenseIndex: SegmentComponent {
    package static let id: ComponentID = "vectors"
    package var passageCount: Int { count }
}

extension SentenceCodes: SegmentComponent {
    package static let id: ComponentID = "sentences"
    package var passageCount: Int { count }
}

extension TokenCodes: SegmentComponent {
    package static let id: ComponentID = "states"
    package var passageCount: Int { count }
}

/// The docids that a segment's own vectors give: a tree, and residual-quantised codes.
package struct SegmentDocids: SegmentComponent {
    package static let id: ComponentID = "docids"
    package static let fileKind = "docids"

    /// Residual-quantised codes, and the prefix tree of those that occur.
    package struct Quantised: Sendable {
        package var quantiser: ResidualQuantiser
        package var trie: DocidTrie

        package init(quantiser: ResidualQuantiser, trie: DocidTrie) { (self.quantiser, self.trie) = (quantiser, trie) }
    }

    /// Nil beside coded vectors, which are in the order of their tree.
    package let tree: DocidTree?
    package let quantised: Quantised?

    package var passageCount: Int { tree?.documentCount ?? quantised?.trie.documentCount ?? 0 }
    /// The length of the vectors that the docids are of; nil where there are no docids.
    var dimension: Int? { tree?.dimension ?? quantised?.quantiser.dimension }

    package init(tree: DocidTree?, quantised: Quantised?) { (self.tree, self.quantised) = (tree, quantised) }

    package init(_ container: Container) throws {
        let hasCodes = container.contains("docids.quantiser.sizes")
        tree =
            container.contains("docids.tree.sizes") || !hasCodes ? try DocidTree { try container.bytes($0) } : nil
        guard hasCodes else {
            quantised = nil
            return
        }
        let quantiser = try ResidualQuantiser { try container.bytes($0) }
        let trie = try DocidTrie { try container.bytes($0) }
        guard trie.fits(quantiser.codewordCounts),
            tree.map({ $0.documentCount == trie.documentCount && $0.dimension == quantiser.dimension }) ?? true
        else { throw StorageError.damaged(path: container.path, what: "its docids do not fit together") }
        quantised = Quantised(quantiser: quantiser, trie: trie)
    }

    /// Writes all sections.
    package func write(to writer: ContainerWriter) throws(StorageError) {
        let codes = quantised.map { $0.quantiser.sections() + $0.trie.sections() } ?? []
        for section in (tree?.sections() ?? []) + codes { try writer.write(section.name, section.bytes) }
        try writer.finish()
    }
}
