import Memory
import Tensors

/// The inner part of a tree of docids, without documents: prefixes with their code vectors.
///
/// It is what is learnt of a corpus. Vectors that were not there when it was made find their docids by
/// descending it, so that passages can be added without changing those of others.
package struct DocidSkeleton: Sendable {
    package let dimension: Int
    /// The children of each node, breadth first from the root.
    package let childCounts: [Int32]
    /// The nodes' code vectors, [nodes × dimension]; the root's counts nowhere.
    package let vectors: FrozenArray<Float>

    package var nodeCount: Int { childCounts.count }

    /// The levels below the root.
    package var depth: Int { levels.count - 1 }

    /// The nodes of each level, the root's first; in breadth-first order they are neighbours.
    package var levels: [Range<Int>] {
        var levels = [0..<1]
        while let last = levels.last {
            let count = childCounts[last].reduce(0) { $0 + Int($1) }
            guard count > 0 else { break }
            levels.append(last.upperBound..<last.upperBound + count)
        }
        return levels
    }

    /// A skeleton from its parts; nil where they contradict one another.
    package init?(dimension: Int, childCounts: [Int32], vectors: FrozenArray<Float>) {
        let (count, overflow) = childCounts.count.multipliedReportingOverflow(by: dimension)
        guard dimension > 0, !childCounts.isEmpty, !overflow, vectors.count == count,
            childCounts.allSatisfy({ $0 >= 0 })
        else { return nil }
        // Every node but the root is the child of one before it.
        var known = 1
        for (node, count) in childCounts.enumerated() {
            guard node < known else { return nil }
            known += Int(count)
        }
        guard known == childCounts.count else { return nil }
        self.init(unchecked: dimension, childCounts, vectors)
    }

    init(unchecked dimension: Int, _ childCounts: [Int32], _ vectors: FrozenArray<Float>) {
        self.dimension = dimension
        self.childCounts = childCounts
        self.vectors = vectors
    }

    /// The inner part of a tree.
    package init(_ tree: DocidTree) {
        self.init(
            unchecked: tree.dimension, (0..<tree.nodeCount).map { Int32(tree.children(of: $0).count) },
            tree.centroids)
    }

    /// The tree of some documents: each descends to the nearest child (Euclidean distance) of every
    /// node on its way, ties to the first. Prefixes that lead to none are left out.
    ///
    /// The same on any number of threads.
    ///
    /// - Parameter documents: their vectors, [documents × dimension].
    /// - Complexity: O(documents × the children on their ways × dimension).
    package func place(_ documents: FrozenArray<Float>, threads: Int = Parallel.cores) -> DocidTree {
        precondition(documents.count % dimension == 0)
        let all = PointSet(documents, dimension: dimension)
        var nodes = [
            DocidNodes.Node(
                firstChild: 0, childCount: 0, parent: 0, token: 0, firstDocument: 0,
                documentCount: Int32(all.count))
        ]
        // Of each new node, the node that it is here.
        var origins = [0]
        var order = Array(all.indices)
        let firstChildren = childCounts.reduce(into: [1]) { $0.append($0[$0.count - 1] + Int($1)) }
        var index = 0
        while index < nodes.count {
            let origin = origins[index]
            let children = firstChildren[origin]..<firstChildren[origin + 1]
            let first = Int(nodes[index].firstDocument)
            let range = first..<first + Int(nodes[index].documentCount)
            if !children.isEmpty, !range.isEmpty {
                let points = PointSet(documents, dimension: dimension, indices: order[range])
                let groups = Grouping(nearest(points, children, threads), count: children.count)
                nodes[index].firstChild = Int32(nodes.count)
                var place = first
                let members = Array(order[range])
                for child in 0..<children.count where !groups[child].isEmpty {
                    nodes[index].childCount += 1
                    nodes.append(
                        .init(
                            firstChild: 0, childCount: 0, parent: Int32(index), token: Int32(child),
                            firstDocument: Int32(place), documentCount: Int32(groups[child].count)))
                    origins.append(children.lowerBound + child)
                    for member in groups[child] {
                        order[place] = members[Int(member)]
                        place += 1
                    }
                }
            }
            index += 1
        }
        let d = dimension
        return DocidTree(
            dimension: d,
            centroids: FrozenArray(count: origins.count * d) { output in
                for (node, origin) in origins.enumerated() {
                    for i in 0..<d { output[node * d + i] = vectors[origin * d + i] }
                }
            }, nodes: DocidNodes(nodes: nodes, documents: order))
    }

    private func nearest(_ points: PointSet, _ children: Range<Int>, _ threads: Int) -> [Int32] {
        let rows = vectors.slice(children.lowerBound * dimension..<children.upperBound * dimension)
        return NearestCentroid(Matrix(rows: children.count, columns: dimension, values: rows.toArray()))
            .assign(points, threads: threads)
    }
}
