import Memory

/// The nodes of a tree of identifiers in breadth-first order, so that siblings are neighbours.
///
/// Every node knows the run of the document permutation that lies below it.
struct DocidNodes: Sendable {
    /// One node; the root is node 0, its own parent, with token 0.
    struct Node: BitwiseCopyable, Sendable, Equatable {
        var firstChild: Int32
        var childCount: Int32
        var parent: Int32
        var token: Int32
        var firstDocument: Int32
        var documentCount: Int32
    }

    let nodes: FrozenArray<Node>
    /// Documents in the order of the leaves.
    let documents: FrozenArray<Int32>
    /// The leaf of each document.
    let leaves: FrozenArray<Int32>

    init(nodes: [Node], documents: [Int32]) {
        self.nodes = FrozenArray(nodes)
        self.documents = FrozenArray(documents)
        var leaves = [Int32](repeating: 0, count: documents.count)
        for (index, node) in nodes.enumerated() where node.childCount == 0 {
            for place in node.firstDocument..<node.firstDocument + node.documentCount {
                leaves[Int(documents[Int(place)])] = Int32(index)
            }
        }
        self.leaves = FrozenArray(leaves)
    }

    func children(of node: Int) -> Range<Int> {
        let node = nodes[node]
        return Int(node.firstChild)..<Int(node.firstChild) + Int(node.childCount)
    }

    /// The documents below a node.
    func documents(of node: Int) -> FrozenArray<Int32> {
        let node = nodes[node]
        let start = Int(node.firstDocument)
        return documents.slice(start..<start + Int(node.documentCount))
    }

    /// The child with a token; children's tokens rise.
    func child(of node: Int, token: Int32) -> Int? {
        var range = children(of: node)
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let found = nodes[middle].token
            if found == token { return middle }
            range = found < token ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// The tokens from the root to a node.
    func path(to node: Int) -> [Int32] {
        var tokens: [Int32] = []
        var node = node
        while node != 0 {
            tokens.append(nodes[node].token)
            node = Int(nodes[node].parent)
        }
        return tokens.reversed()
    }

    /// Where a document stands among all, in the order of the leaves; O(log its leaf).
    func place(of document: Int32) -> Int {
        let node = nodes[Int(leaves[Int(document)])]
        var range = Int(node.firstDocument)..<Int(node.firstDocument) + Int(node.documentCount)
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = documents[middle] <= document ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    /// The tokens to a document's leaf, and its place there; O(depth).
    func docid(of document: Int32) -> [Int32] {
        let leaf = Int(leaves[Int(document)])
        return path(to: leaf) + [Int32(place(of: document)) - nodes[leaf].firstDocument]
    }

    /// The document with an identifier, or nil when none has it; O(depth).
    func document(of docid: [Int32]) -> Int32? {
        guard let place = docid.last, place >= 0 else { return nil }
        var node = 0
        for token in docid.dropLast() {
            guard let child = child(of: node, token: token) else { return nil }
            node = child
        }
        let documents = documents(of: node)
        guard nodes[node].childCount == 0, Int(place) < documents.count else { return nil }
        return documents[Int(place)]
    }
}
