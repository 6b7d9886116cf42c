import Memory
import Tensors

/// Builds ``LeafCodes``: rotates vectors, makes their docid tree, and codes them in its order.
package struct LeafCodesBuilder: Sendable {
    package var tree: DocidTreeBuilder
    /// Of the rotation.
    package var seed: UInt64

    package init(fanout: Int = 64, leafSize: Int = 256, seed: UInt64 = 0, threads: Int = Parallel.cores) {
        tree = DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: seed, threads: threads, fillsLeaves: true)
        tree.learnsFromSamples = true
        self.seed = seed
    }

    /// The codes of vectors, [documents × dimension].
    ///
    /// The same on any number of threads. The vectors are rotated in a copy of them.
    package func build(vectors: FrozenArray<Float>, dimension: Int) -> LeafCodes {
        let rotation = Rotation(dimension: dimension, seed: seed)
        let rotated = FrozenArray<Float>(count: vectors.count) { buffer in
            let buffer = SharedBuffer(buffer)
            Parallel.forEachRange(count: vectors.count / dimension, grain: 1_024, threads: tree.threads) { range in
                guard let to = buffer.buffer.baseAddress else { return }
                (to + range.lowerBound * dimension).update(
                    from: vectors.unsafeBase + range.lowerBound * dimension, count: range.count * dimension)
                for row in range { rotation.rotate(to + row * dimension) }
            }
        }
        return build(rotated: rotated, rotation)
    }

    /// The codes of vectors that are rotated already; rows of bytes that are given back as floats become the same bytes again.
    package func build(rotated vectors: FrozenArray<Float>, _ rotation: Rotation) -> LeafCodes {
        let d = rotation.dimension
        let built = tree.build(vectors: vectors, dimension: d)
        let nodes = built.nodes
        let threads = tree.threads
        @Sendable func copy(_ row: Int, of all: FrozenArray<Float>, into target: UnsafeMutableBufferPointer<Float>) {
            target.baseAddress?.update(from: all.unsafeBase + row * d, count: d)
        }
        let centroids = ByteRows(count: built.nodeCount, dimension: d, threads: threads) {
            copy($0, of: built.centroids, into: $1)
        }
        let rows = ByteRows(count: nodes.documents.count, dimension: d, threads: threads) {
            copy(Int(nodes.documents[$0]), of: vectors, into: $1)
        }
        let signs = SignCodes(count: nodes.documents.count, dimension: d, threads: threads) { place, rest in
            let document = nodes.documents[place]
            let leaf = Int(nodes.leaves[Int(document)])
            copy(Int(document), of: vectors, into: rest)
            let scale = centroids.scales[leaf]
            for i in 0..<d { rest[i] -= scale * Float(centroids.codes[leaf * d + i]) }
        }
        return LeafCodes(rotation: rotation, nodes: nodes, centroids: centroids, signs: signs, rows: rows)
    }
}
