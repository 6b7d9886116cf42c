import Memory

/// The trie of all code sequences of a corpus, in breadth-first order; node 0 is the root.
///
/// Documents with the same sequence share a leaf.
package struct DocidTrie: Sendable {
    /// The length of every sequence.
    package let depth: Int
    let nodes: DocidNodes

    /// Builds the trie of `codes`, [documents × depth].
    package init(codes: FrozenArray<UInt16>, depth: Int) {
        precondition(depth > 0 && codes.count % depth == 0)
        self.depth = depth
        let count = codes.count / depth
        let documents = codes.withUnsafeBuffer { codes in
            (0..<Int32(count)).sorted { one, two in
                let (a, b) = (Int(one) * depth, Int(two) * depth)
                for level in 0..<depth where codes[a + level] != codes[b + level] {
                    return codes[a + level] < codes[b + level]
                }
                return one < two
            }
        }
        var nodes = [
            DocidNodes.Node(
                firstChild: 0, childCount: 0, parent: 0, token: 0, firstDocument: 0,
                documentCount: Int32(count))
        ]
        var level = 0..<1
        for position in 0..<depth where count > 0 {
            for index in level {
                nodes[index].firstChild = Int32(nodes.count)
                let first = Int(nodes[index].firstDocument)
                for place in first..<first + Int(nodes[index].documentCount) {
                    let token = Int32(codes[Int(documents[place]) * depth + position])
                    if nodes[index].childCount > 0, nodes[nodes.count - 1].token == token {
                        nodes[nodes.count - 1].documentCount += 1
                        continue
                    }
                    nodes[index].childCount += 1
                    nodes.append(
                        .init(
                            firstChild: 0, childCount: 0, parent: Int32(index), token: token,
                            firstDocument: Int32(place), documentCount: 1))
                }
            }
            level = level.upperBound..<nodes.count
        }
        self.nodes = DocidNodes(nodes: nodes, documents: documents)
    }

    package var nodeCount: Int { nodes.nodes.count }
    package var documentCount: Int { nodes.documents.count }

    /// The children of a node, which are neighbours with rising tokens; empty for a leaf.
    package func children(of node: Int) -> Range<Int> { nodes.children(of: node) }

    package func isLeaf(_ node: Int) -> Bool { nodes.nodes[node].childCount == 0 }

    /// The node above; the root is its own parent.
    package func parent(of node: Int) -> Int { Int(nodes.nodes[node].parent) }

    /// The code that leads to a node from its parent.
    package func token(of node: Int) -> Int32 { nodes.nodes[node].token }

    /// The child that a code leads to; O(log children).
    package func child(of node: Int, token: Int32) -> Int? { nodes.child(of: node, token: token) }

    /// The documents below a node; in a leaf, those that share its sequence, by rising index.
    package func documents(of node: Int) -> FrozenArray<Int32> { nodes.documents(of: node) }

    /// The leaf of a document.
    package func leaf(of document: Int32) -> Int { Int(nodes.leaves[Int(document)]) }

    /// The code sequence of a document.
    package func codes(of document: Int32) -> [Int32] { nodes.path(to: leaf(of: document)) }

    /// The node that a sequence leads to, or nil when no document's sequence starts with it.
    package func node(of prefix: [Int32]) -> Int? {
        var node = 0
        for token in prefix {
            guard let child = nodes.child(of: node, token: token) else { return nil }
            node = child
        }
        return node
    }
}

extension DocidTrie {
    /// The trie as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let header = [UInt64(depth), UInt64(nodeCount), UInt64(documentCount)]
        return [FrozenArray(header).section("docids.trie.sizes")] + nodes.sections("docids.trie")
    }

    /// Reads a trie from its sections without copying them.
    ///
    /// Checks every number, in O(nodes + documents).
    ///
    /// - Throws: ``DocidError`` when the sections contradict one another, and what `sections`
    ///   throws.
    package init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let reader = SectionReader(source: source)
            let sizes = try reader.sizes("docids.trie.sizes", count: 3)
            let nodes = try DocidNodes(
                reader, "docids.trie", nodeCount: sizes[1], documentCount: sizes[2])
            let trie = DocidTrie(depth: sizes[0], nodes: nodes)
            try trie.checkDepth()
            return trie
        }
    }

    private init(depth: Int, nodes: DocidNodes) {
        self.depth = depth
        self.nodes = nodes
    }

    /// Whether every code is one of its level's codewords; O(nodes).
    package func fits(_ codewordCounts: [Int]) -> Bool {
        guard depth == codewordCounts.count else { return false }
        var level = 0
        var end = 1
        for node in 1..<max(1, nodeCount) {
            // In breadth-first order levels follow one another: a level ends where the next one's first parent begins.
            if parent(of: node) >= end { (level, end) = (level + 1, node) }
            guard level < depth, Int(token(of: node)) < codewordCounts[level] else { return false }
        }
        return true
    }

    /// All leaves lie at the same depth, unless there are no documents.
    private func checkDepth() throws {
        guard documentCount > 0 else { return }
        var depths = [Int32](repeating: 0, count: nodeCount)
        for node in 0..<nodeCount {
            if node > 0 { depths[node] = depths[parent(of: node)] + 1 }
            guard !isLeaf(node) || Int(depths[node]) == depth else {
                throw DocidError("docids.trie.nodes", "leaf \(node) lies at another depth")
            }
        }
    }
}
