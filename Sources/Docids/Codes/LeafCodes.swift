import Memory
import Tensors

/// A segment's vectors in the order of the leaves of their docid tree: one bit a component to find what is near, bytes or halves of
/// bytes to say how near.
///
/// A node of the tree is a run of neighbours in all code arrays, so that dense search and generated docids read the same bytes.
/// Vectors are rotated; inner products do not know. A vector takes `dimension / 8 + 4` bytes of signs, `dimension + 4` or half as
/// many of components and 8 of order; nodes take `dimension + 28` each. Where vectors are only found by their docids there are no signs.
package struct LeafCodes: Sendable {
    package let rotation: Rotation
    let nodes: DocidNodes
    /// The means of the rotated vectors below each node.
    package let centroids: ByteRows
    /// The rests to the leaves' means, in the order of the leaves; nil where nothing is found by them.
    package let signs: SignCodes?
    /// The vectors, in the order of the leaves.
    package let rows: CodedRows
    /// The nodes of the leaves in the order of their vectors, and where each one's run ends.
    package let leafNodes: [UInt32]
    package let leafEnds: [UInt32]

    init(rotation: Rotation, nodes: DocidNodes, centroids: ByteRows, signs: SignCodes?, rows: CodedRows) {
        (self.rotation, self.nodes, self.centroids, self.signs, self.rows) = (rotation, nodes, centroids, signs, rows)
        let leaves = nodes.nodes.indices
            .filter { nodes.nodes[$0].childCount == 0 && nodes.nodes[$0].documentCount > 0 }
            .sorted { nodes.nodes[$0].firstDocument < nodes.nodes[$1].firstDocument }
        leafNodes = leaves.map { UInt32($0) }
        leafEnds = leaves.map { UInt32(nodes.nodes[$0].firstDocument + nodes.nodes[$0].documentCount) }
    }

    /// The number of vectors.
    package var count: Int { rows.count }
    package var dimension: Int { rows.dimension }

    /// A query as the codes are compared with it; O(dimension · log dimension).
    package func query(_ vector: [Float]) -> CodedQuery { CodedQuery(vector, rotation) }

    // MARK: Vectors

    /// The number of the leaf, in the order of the vectors, that a document's vector is in; O(log leaves).
    package func leaf(of document: Int32) -> Int {
        let place = place(of: document)
        var (low, high) = (0, leafEnds.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(leafEnds[middle]) > place { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The document whose vector stands at a place.
    package func document(at place: Int) -> Int32 { nodes.documents[place] }

    /// Where a document's vector stands; O(log the documents of its leaf).
    package func place(of document: Int32) -> Int { nodes.place(of: document) }

    /// Writes a document's vector as its bytes give it.
    package func copy(_ document: Int32, into vector: UnsafeMutableBufferPointer<Float>) {
        rows.copy(place(of: document), into: vector)
        if let base = vector.baseAddress { rotation.unrotate(base) }
    }

    // MARK: The tree

    package var nodeCount: Int { nodes.nodes.count }

    /// The children of a node, which are neighbours; empty for a leaf.
    package func children(of node: Int) -> Range<Int> { nodes.children(of: node) }
    package func isLeaf(_ node: Int) -> Bool { nodes.nodes[node].childCount == 0 }
    /// The token that leads to a node from its parent.
    package func token(of node: Int) -> Int32 { nodes.nodes[node].token }
    /// The child that a token leads to; O(log children).
    package func child(of node: Int, token: Int32) -> Int? { nodes.child(of: node, token: token) }
    /// The documents below a node, in the order of their vectors.
    package func documents(of node: Int) -> FrozenArray<Int32> { nodes.documents(of: node) }
    /// The nodes on the way to a document, from its leaf to below the root; O(depth).
    package func ancestors(of document: Int32) -> some Sequence<Int> {
        sequence(first: Int(nodes.leaves[Int(document)])) { Int(nodes.nodes[$0].parent) }.lazy.prefix { $0 != 0 }
    }

    package func docid(of document: Int32) -> [Int32] { nodes.docid(of: document) }
    package func document(of docid: [Int32]) -> Int32? { nodes.document(of: docid) }
}
