import Memory

/// A tree of semantic document identifiers: similar documents share their first digits
/// (DSI, Tay et al. 2022).
///
/// An identifier is the digits on the way to a leaf and then the document's place in the leaf, so
/// that each is unique. Nodes are in breadth-first order; node 0 is the root.
package struct DocidTree: Sendable {
    /// The number of components of a centroid.
    package let dimension: Int
    /// The means of the documents below each node, [nodes × dimension].
    package let centroids: FrozenArray<Float>
    let nodes: DocidNodes

    init(dimension: Int, centroids: FrozenArray<Float>, nodes: DocidNodes) {
        self.dimension = dimension
        self.centroids = centroids
        self.nodes = nodes
    }

    package var nodeCount: Int { nodes.nodes.count }
    package var documentCount: Int { nodes.documents.count }

    /// The children of a node, which are neighbours; empty for a leaf.
    package func children(of node: Int) -> Range<Int> { nodes.children(of: node) }

    package func isLeaf(_ node: Int) -> Bool { nodes.nodes[node].childCount == 0 }

    /// The node above; the root is its own parent.
    package func parent(of node: Int) -> Int { Int(nodes.nodes[node].parent) }

    /// The digit that leads to a node from its parent.
    package func digit(of node: Int) -> Int32 { nodes.nodes[node].token }

    /// The child that a digit leads to; O(log children).
    package func child(of node: Int, digit: Int32) -> Int? { nodes.child(of: node, token: digit) }

    /// The documents below a node; in a leaf, in the order of their last digits.
    package func documents(of node: Int) -> FrozenArray<Int32> { nodes.documents(of: node) }

    /// The mean of the vectors below a node.
    package func centroid(of node: Int) -> FrozenArray<Float> {
        centroids.slice(node * dimension..<(node + 1) * dimension)
    }

    /// The leaf of a document.
    package func leaf(of document: Int32) -> Int { Int(nodes.leaves[Int(document)]) }

    /// The identifier of a document; O(depth).
    package func docid(of document: Int32) -> [Int32] { nodes.docid(of: document) }

    /// The document with an identifier, or nil when none has it; O(depth).
    package func document(of docid: [Int32]) -> Int32? { nodes.document(of: docid) }
}
