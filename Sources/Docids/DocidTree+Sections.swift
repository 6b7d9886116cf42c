import Memory

extension DocidTree {
    /// The tree as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let header = [UInt64(dimension), UInt64(nodeCount), UInt64(documentCount)]
        return [FrozenArray(header).section("docids.tree.sizes")]
            + nodes.sections("docids.tree") + [centroids.section("docids.tree.centroids")]
    }

    /// Reads a tree from its sections without copying them.
    ///
    /// Checks every number, in O(nodes + documents).
    ///
    /// - Throws: ``DocidError`` when the sections contradict one another, and what `sections`
    ///   throws.
    package init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let reader = SectionReader(source: source)
            let sizes = try reader.sizes("docids.tree.sizes", count: 3)
            let nodes = try DocidNodes(
                reader, "docids.tree", nodeCount: sizes[1], documentCount: sizes[2])
            let (count, overflow) = sizes[0].multipliedReportingOverflow(by: sizes[1])
            guard sizes[0] > 0, !overflow else {
                throw DocidError("docids.tree.sizes", "impossible dimension \(sizes[0])")
            }
            let centroids = try reader.elements(
                "docids.tree.centroids", of: Float.self, count: count)
            return DocidTree(dimension: sizes[0], centroids: centroids, nodes: nodes)
        }
    }
}
