import Memory

/// The docids that lead to passages of a set, and the prefixes of those.
package struct PassingDocids: Sendable {
    /// The passages, or entries, by their number.
    package let documents: PlaceSet
    private let nodes: PlaceSet

    /// - Complexity: O(nodes + documents).
    init(_ documents: PlaceSet, of paths: some DocidPaths) {
        self.documents = documents
        let nodeCount = paths.nodeCount
        var isPassing = [Bool](repeating: false, count: nodeCount)
        // Breadth-first order: children come after their parents.
        for node in (0..<nodeCount).reversed() {
            if paths.isLeaf(node) {
                let below = paths.documents(of: node)
                isPassing[node] = below.indices.contains { documents.contains(Int(below[$0])) }
            } else {
                isPassing[node] = paths.children(of: node).contains { isPassing[$0] }
            }
        }
        nodes = PlaceSet(capacity: nodeCount) { isPassing[$0] }
    }

    func contains(node: Int) -> Bool { nodes.contains(node) }

    func allows(_ state: DocidState) -> Bool {
        state.isComplete ? documents.contains(Int(state.document)) : nodes.contains(Int(state.node))
    }
}
