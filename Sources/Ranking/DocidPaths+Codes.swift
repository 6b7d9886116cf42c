import Docids

/// The tree over coded vectors: the code vector of a node is the mean of what lies below, in bytes.
extension LeafCodes: DocidPaths {
    /// O(nodes).
    var depth: Int {
        var levels = [Int32](repeating: 0, count: nodeCount)
        // Breadth-first order: a parent's level is known before its children's.
        for node in levels.indices {
            for child in children(of: node) { levels[child] = levels[node] + 1 }
        }
        return Int(levels.max() ?? 0) + 1
    }

    func similarities(to query: [Float]) -> [Float] { centroids.products(self.query(query), 0..<nodeCount) }
}
