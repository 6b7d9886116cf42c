import Docids
import Memory
import Testing

@Suite struct DocidTreeTests {
    private let d = 16

    /// Checks a tree against what its definition says of every node and document.
    private func check(_ tree: DocidTree, count: Int, fanout: Int, leafSize: Int) {
        #expect(tree.documentCount == count)
        var seen = Set<[Int32]>()
        for document in 0..<Int32(count) {
            let docid = tree.docid(of: document)
            #expect(seen.insert(docid).inserted)
            #expect(tree.document(of: docid) == document)
            #expect(tree.documents(of: tree.leaf(of: document))[Int(docid.last ?? -1)] == document)
            #expect(tree.document(of: docid + [0]) == nil)
            #expect(tree.document(of: Array(docid.dropLast()) + [Int32(leafSize)]) == nil)
        }
        #expect(tree.document(of: []) == nil && tree.document(of: [-1]) == nil)
        for node in 0..<tree.nodeCount {
            let children = tree.children(of: node)
            #expect(tree.isLeaf(node) == children.isEmpty)
            #expect(children.count <= fanout)
            #expect(!children.isEmpty || tree.documents(of: node).count <= leafSize)
            let below = children.flatMap { tree.documents(of: $0).toArray() }
            #expect(children.isEmpty || below == tree.documents(of: node).toArray())
            for (digit, child) in children.enumerated() {
                #expect(tree.parent(of: child) == node && tree.digit(of: child) == Int32(digit))
                #expect(tree.documents(of: child).count < tree.documents(of: node).count)
            }
        }
    }

    @Test("Every document has one identifier", arguments: [0, 1, 2, 31, 32, 33, 1_000])
    func sizes(count: Int) {
        let vectors = Vectors.clustered(count, dimension: d)
        for (fanout, leafSize) in [(32, 32), (2, 1), (5, 7)] {
            let builder = DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: 2)
            check(
                builder.build(vectors: vectors, dimension: d), count: count, fanout: fanout,
                leafSize: leafSize)
        }
    }

    @Test("Equal vectors are split by index") func duplicates() {
        let tree = DocidTreeBuilder(fanout: 4, leafSize: 8).build(
            vectors: Vectors.equal(100, dimension: d), dimension: d)
        check(tree, count: 100, fanout: 4, leafSize: 8)
        let mixed = FrozenArray(
            Vectors.equal(100, dimension: d).toArray() + Vectors.clustered(50, dimension: d).toArray())
        check(
            DocidTreeBuilder(fanout: 4, leafSize: 8).build(vectors: mixed, dimension: d), count: 150,
            fanout: 4, leafSize: 8)
    }

    @Test("Centroids are the means of what lies below") func centroids() {
        let vectors = Vectors.clustered(500, dimension: d)
        let tree = DocidTreeBuilder(fanout: 6, leafSize: 9).build(vectors: vectors, dimension: d)
        for node in 0..<tree.nodeCount {
            let documents = tree.documents(of: node)
            let centroid = tree.centroid(of: node)
            for i in 0..<d {
                let sum = documents.toArray().reduce(0.0) { $0 + Double(vectors[Int($1) * d + i]) }
                #expect(abs(Double(centroid[i]) - sum / Double(documents.count)) < 1e-5)
            }
        }
    }

    @Test("The same seed gives the same bytes on any number of threads") func determinism() {
        let vectors = Vectors.clustered(1_000, dimension: d)
        func bytes(_ seed: UInt64, _ threads: Int) -> [String: [UInt8]] {
            let builder = DocidTreeBuilder(fanout: 8, leafSize: 8, seed: seed, threads: threads)
            return SectionStore(builder.build(vectors: vectors, dimension: d).sections()).bytes
        }
        let one = bytes(1, 1)
        #expect(bytes(1, 1) == one && bytes(1, 3) == one)
        #expect(bytes(2, 1) != one)
    }

    @Test("Sections give the tree back", arguments: [0, 1, 33, 300]) func sections(count: Int) throws {
        let vectors = Vectors.clustered(count, dimension: d)
        let tree = DocidTreeBuilder(fanout: 4, leafSize: 5).build(vectors: vectors, dimension: d)
        let store = SectionStore(tree.sections())
        let read = try DocidTree(sections: store.read)
        check(read, count: count, fanout: 4, leafSize: 5)
        #expect(SectionStore(read.sections()).bytes == store.bytes)
    }

    @Test("Damaged sections throw, or give a tree that works") func damage() {
        let tree = DocidTreeBuilder(fanout: 3, leafSize: 4).build(
            vectors: Vectors.clustered(60, dimension: d), dimension: d)
        var loaded = 0
        SectionStore(tree.sections()).damaged(rounds: 300, seed: 6) { store in
            guard let tree = try? DocidTree(sections: store.read) else { return }
            loaded += 1
            for document in 0..<Int32(tree.documentCount) {
                #expect(tree.document(of: tree.docid(of: document)) == document)
            }
        }
        // Damaged centroids cannot be told from others.
        #expect(loaded >= 300)
    }
}
