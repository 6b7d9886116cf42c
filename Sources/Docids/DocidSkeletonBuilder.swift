import Memory
import Tensors

/// Makes a ``DocidSkeleton`` of a corpus' vectors.
///
/// The code vector of a prefix is the mean of the documents below it, or what its codewords add up to;
/// for product quantisation with zeros in the parts that are still open, so that its inner product with
/// a query is the sum over the parts that are known. A prefix with no more than `leafSize` documents is
/// not continued.
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

    /// - Parameter vectors: [documents × dimension]. The same ones give the same skeleton on any number
    ///   of threads.
    ///
    /// - Precondition: the scheme is anchored.
    package func build(vectors: FrozenArray<Float>, dimension: Int) -> DocidSkeleton {
        precondition(dimension > 0 && vectors.count % dimension == 0 && scheme.isAnchored)
        switch scheme {
        case .atomic, .naive, .semantic, .position, .pawa, .rqCodes, .pqCodes:
            return DocidSkeleton(
                unchecked: dimension, [0], FrozenArray([Float](repeating: 0, count: dimension)))
        case .tree:
            return DocidSkeleton(
                DocidTreeBuilder(
                    fanout: fanout, leafSize: leafSize, seed: seed, threads: threads, fillsLeaves: true
                ).build(vectors: vectors, dimension: dimension))
        case .rq:
            let quantiser = ResidualQuantiser.train(
                vectors: vectors, dimension: dimension, levels: levels, codewords: codewords, seed: seed,
                threads: threads)
            return skeleton(
                codes: quantiser.encode(vectors: vectors, threads: threads), depth: levels, dimension
            ) { quantiser.reconstruct($0.map { UInt16($0) }) }
        case .pq:
            let quantiser = ProductQuantiser.train(
                vectors: vectors, dimension: dimension, parts: min(levels, dimension),
                codewords: codewords, seed: seed, threads: threads)
            return skeleton(codes: quantiser.codes, depth: quantiser.parts.count, dimension) {
                quantiser.reconstruct($0.map { UInt16($0) })
            }
        }
    }

    /// The trie of code sequences, without what lies below prefixes of a few documents.
    private func skeleton(
        codes: FrozenArray<UInt16>, depth: Int, _ dimension: Int, _ reconstruct: ([Int32]) -> [Float]
    ) -> DocidSkeleton {
        let trie = DocidTrie(codes: codes, depth: depth)
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
        return DocidSkeleton(unchecked: dimension, childCounts, FrozenArray(vectors))
    }
}
