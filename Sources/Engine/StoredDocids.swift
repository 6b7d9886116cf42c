import Docids
import Memory
import Storage

/// The docid file: the tree, the quantiser and the trie of its codes, in one container.
package struct StoredDocids: Sendable {
    package var tree: DocidTree
    package var quantiser: ResidualQuantiser
    package var trie: DocidTrie

    package init(tree: DocidTree, quantiser: ResidualQuantiser, trie: DocidTrie) {
        self.tree = tree
        self.quantiser = quantiser
        self.trie = trie
    }

    package func write(to path: String) throws(StorageError) {
        let writer = try ContainerWriter(path: path, kind: IndexLayout.docidsKind)
        for section in tree.sections() { try writer.write(section.name, section.bytes) }
        for section in quantiser.sections() { try writer.write(section.name, section.bytes) }
        for section in trie.sections() { try writer.write(section.name, section.bytes) }
        try writer.finish()
    }

    package init(_ container: Container) throws {
        tree = try DocidTree { try container.bytes($0) }
        quantiser = try ResidualQuantiser { try container.bytes($0) }
        trie = try DocidTrie { try container.bytes($0) }
    }
}
