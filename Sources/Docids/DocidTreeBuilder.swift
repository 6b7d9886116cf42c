import Memory
import Tensors

/// Builds a ``DocidTree`` by hierarchical k-means.
///
/// A node with more than `leafSize` documents is clustered into at most `fanout` children. Where
/// clustering does not separate the documents, as with duplicates, they are split evenly by index.
package struct DocidTreeBuilder: Sendable {
    package var fanout: Int
    package var leafSize: Int
    package var seed: UInt64
    package var threads: Int
    /// Whether a node has no more children than make leaves half full, instead of always `fanout`: a few
    /// documents too many then do not become as many leaves as there are documents.
    package var fillsLeaves: Bool
    /// Whether clusters are learned from samples, as in inverted files (Jégou et al. 2011): many times faster for many documents.
    package var learnsFromSamples = false

    package init(
        fanout: Int = 32, leafSize: Int = 32, seed: UInt64 = 0, threads: Int = Parallel.cores,
        fillsLeaves: Bool = false
    ) {
        precondition(fanout >= 2 && leafSize >= 1)
        self.fillsLeaves = fillsLeaves
        self.fanout = fanout
        self.leafSize = leafSize
        self.seed = seed
        self.threads = threads
    }

    /// Nodes with more documents are clustered one after the other, each on all threads.
    private static let large = 20_000

    /// Builds the tree of `vectors`, [documents × dimension].
    ///
    /// The same vectors, options and seed give the same tree on any number of threads.
    package func build(vectors: FrozenArray<Float>, dimension: Int) -> DocidTree {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        let all = PointSet(vectors, dimension: dimension)
        var documents = Array(all.indices)
        var nodes = [
            DocidNodes.Node(
                firstChild: 0, childCount: 0, parent: 0, token: 0, firstDocument: 0,
                documentCount: Int32(documents.count))
        ]
        var centroids = DocidTreeBuilder.mean(all)
        var level = 0..<1
        while !level.isEmpty {
            let splits = split(level, nodes, documents, all)
            for (index, split) in zip(level, splits) where !split.groups.isEmpty {
                nodes[index].firstChild = Int32(nodes.count)
                nodes[index].childCount = Int32(split.groups.count)
                var place = Int(nodes[index].firstDocument)
                for (digit, group) in split.groups.enumerated() {
                    nodes.append(
                        .init(
                            firstChild: 0, childCount: 0, parent: Int32(index), token: Int32(digit),
                            firstDocument: Int32(place), documentCount: Int32(group.count)))
                    documents.replaceSubrange(place..<place + group.count, with: group)
                    place += group.count
                }
                centroids += split.centroids
            }
            level = level.upperBound..<nodes.count
        }
        return DocidTree(
            dimension: dimension, centroids: FrozenArray(centroids),
            nodes: DocidNodes(nodes: nodes, documents: documents))
    }

    /// The children of one node: their documents and their centroids.
    private struct Split: Sendable {
        var groups: [[Int32]] = []
        var centroids: [Float] = []
    }

    private func split(
        _ level: Range<Int>, _ nodes: [DocidNodes.Node], _ documents: [Int32], _ all: PointSet
    ) -> [Split] {
        func points(_ node: Int) -> PointSet {
            let first = Int(nodes[node].firstDocument)
            let range = first..<first + Int(nodes[node].documentCount)
            return PointSet(all.vectors, dimension: all.dimension, indices: documents[range])
        }
        var splits = [Split](repeating: Split(), count: level.count)
        let divided = level.filter { Int(nodes[$0].documentCount) > leafSize }
        for node in divided where Int(nodes[node].documentCount) > DocidTreeBuilder.large {
            splits[node - level.lowerBound] = split(points(node), node: node, threads: threads)
        }
        let small = divided.filter { Int(nodes[$0].documentCount) <= DocidTreeBuilder.large }
        let inputs = small.map { (node: $0, points: points($0)) }
        let results = Parallel.map(count: inputs.count, threads: threads) {
            split(inputs[$0].points, node: inputs[$0].node, threads: 1)
        }
        for (node, result) in zip(small, results) { splits[node - level.lowerBound] = result }
        return splits
    }

    private func split(_ points: PointSet, node: Int, threads: Int) -> Split {
        let seed = seed &+ UInt64(node) &* 0x9e37_79b9_7f4a_7c15
        let enough = max(2, 2 * points.count / leafSize)
        var means = KMeans(seed: seed, threads: threads)
        if learnsFromSamples { (means.pointsPerCentroid, means.iterations) = (96, 8) }
        let clustering = means.cluster(points, k: fillsLeaves ? min(fanout, enough) : fanout)
        guard clustering.count > 1 else { return evenSplit(points) }
        let groups = Grouping(clustering.assignment, count: clustering.count)
        return Split(
            groups: (0..<clustering.count).map { cluster in
                groups[cluster].map { points.indices[points.indices.startIndex + Int($0)] }
            },
            centroids: clustering.centroids.values)
    }

    private func evenSplit(_ points: PointSet) -> Split {
        var split = Split()
        let parts = min(fanout, points.count)
        for part in 0..<parts {
            let range = part * points.count / parts..<(part + 1) * points.count / parts
            let start = points.indices.startIndex
            let members = points.indices[start + range.lowerBound..<start + range.upperBound]
            split.groups.append(Array(members))
            split.centroids += DocidTreeBuilder.mean(
                PointSet(points.vectors, dimension: points.dimension, indices: members))
        }
        return split
    }

    private static func mean(_ points: PointSet) -> [Float] {
        var mean = [Float](repeating: 0, count: points.dimension)
        mean.withUnsafeMutableBufferPointer { mean in
            for place in 0..<points.count { Vector.add(points.point(place), to: mean) }
            for i in mean.indices where points.count > 0 { mean[i] /= Float(points.count) }
        }
        return mean
    }
}
