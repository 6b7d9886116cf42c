import Memory

/// Makes docids of a corpus' vectors under a scheme: a ``DocidSkeleton``, or ``DocidSequences``.
///
/// The code vector of a prefix is the mean of the documents below it, or what its codewords add up to. A prefix
/// with no more than `leafSize` documents is not continued.
package struct DocidSkeletonBuilder: Sendable {
    package var scheme = DocidScheme.tree
    /// The children of a node of a tree.
    package var fanout = 256
    package var leafSize = 8
    /// The codewords of a level.
    package var codewords = 256
    /// The levels of codes at most.
    package var levels = 8
    package var seed: UInt64 = 0
    package var threads = Parallel.cores

    package init() {}

    /// The skeleton of documents. The same vectors give the same one on any number of threads.
    ///
    /// - Parameter vectors: [documents × dimension].
    /// - Precondition: the scheme is anchored.
    package func build(vectors: FrozenArray<Float>, dimension: Int) -> DocidSkeleton {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        guard let method = scheme.method as? any PrefixDocids else {
            preconditionFailure("\(scheme.rawValue) has no code vectors")
        }
        return method.skeleton(self, vectors, dimension)
    }

    /// The sequences of documents. A document's last token, or last digits, say its place among those with the same
    /// prefix.
    ///
    /// - Parameter vectors: [documents × dimension].
    /// - Precondition: the scheme is not anchored.
    package func sequences(vectors: FrozenArray<Float>, dimension: Int) -> DocidSequences {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        guard let method = scheme.method as? any AutoregressiveDocids else {
            preconditionFailure("\(scheme.rawValue) is not written token by token")
        }
        return method.sequences(self, vectors, dimension)
    }
}

extension DocidSkeleton {
    /// The trie of code sequences, without what lies below prefixes of a few documents.
    init(_ trie: DocidTrie, leafSize: Int, dimension: Int, reconstruct: ([Int32]) -> [Float]) {
        var childCounts: [Int32] = []
        var vectors: [Float] = []
        var level = [0]
        while !level.isEmpty {
            var next: [Int] = []
            for node in level {
                vectors += reconstruct(trie.nodes.path(to: node))
                let children = trie.documents(of: node).count > leafSize ? trie.children(of: node) : 0..<0
                childCounts.append(Int32(children.count))
                next += children
            }
            level = next
        }
        self.init(unchecked: dimension, childCounts, FrozenArray(vectors))
    }
}
