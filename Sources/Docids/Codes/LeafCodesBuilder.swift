import Memory
import Tensors

/// Builds ``LeafCodes``: rotates vectors, makes their docid tree, and codes them in its order.
package struct LeafCodesBuilder: Sendable {
    package var tree: DocidTreeBuilder
    /// Of the rotation.
    package var seed: UInt64
    /// Of what vectors are compared by.
    package var width = CodedRows.Width.byte
    /// Whether vectors are coded by their signs too, to be found without docids.
    package var hasSigns = true

    package init(fanout: Int = 64, leafSize: Int = 256, seed: UInt64 = 0, threads: Int = Parallel.cores) {
        tree = DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: seed, threads: threads, fillsLeaves: true)
        tree.learnsFromSamples = true
        self.seed = seed
    }

    /// The codes of vectors, [documents × dimension].
    ///
    /// The same on any number of threads. Rows that are given back as floats become the same bytes again.
    ///
    /// Clusters do not change under a rotation: the tree is that of the vectors as they are, and rows are rotated one by one, so that
    /// there is no second copy of all.
    package func build(vectors: FrozenArray<Float>, dimension d: Int) -> LeafCodes {
        let rotation = Rotation(dimension: d, seed: seed)
        let built = tree.build(vectors: vectors, dimension: d)
        let nodes = built.nodes
        let threads = tree.threads
        @Sendable func rotate(_ row: Int, of all: FrozenArray<Float>, into target: UnsafeMutableBufferPointer<Float>) {
            guard let base = target.baseAddress else { return }
            base.update(from: all.unsafeBase + row * d, count: d)
            rotation.rotate(base)
        }
        let centroids = ByteRows(count: built.nodeCount, dimension: d, threads: threads) {
            rotate($0, of: built.centroids, into: $1)
        }
        let rows = CodedRows(width, count: nodes.documents.count, dimension: d, threads: threads) {
            rotate(Int(nodes.documents[$0]), of: vectors, into: $1)
        }
        @Sendable func rest(_ place: Int, into rest: UnsafeMutableBufferPointer<Float>) {
            let document = nodes.documents[place]
            let leaf = Int(nodes.leaves[Int(document)])
            rotate(Int(document), of: vectors, into: rest)
            let scale = centroids.scales[leaf]
            for i in 0..<d { rest[i] -= scale * Float(centroids.codes[leaf * d + i]) }
        }
        let signs =
            hasSigns ? SignCodes(count: nodes.documents.count, dimension: d, threads: threads, rest: rest) : nil
        return LeafCodes(rotation: rotation, nodes: nodes, centroids: centroids, signs: signs, rows: rows)
    }
}
