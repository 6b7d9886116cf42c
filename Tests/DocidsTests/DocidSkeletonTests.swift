import Docids
import Memory
import Tensors
import TestSupport
import Testing

@Suite struct DocidSkeletonTests {
    private static let dimension = 12

    private func build(_ scheme: DocidScheme, _ vectors: FrozenArray<Float>, threads: Int = 2) -> DocidSkeleton {
        var builder = DocidSkeletonBuilder()
        builder.scheme = scheme
        builder.fanout = 4
        builder.leafSize = 6
        builder.codewords = 8
        builder.levels = 3
        builder.seed = 5
        builder.threads = threads
        return builder.build(vectors: vectors, dimension: Self.dimension)
    }

    /// Where a vector comes to by the nearest child of every node, as the skeleton's numbers of children.
    private func descend(_ vector: [Float], _ skeleton: DocidSkeleton) -> [Int32] {
        let firsts = skeleton.childCounts.reduce(into: [1]) { $0.append($0[$0.count - 1] + Int($1)) }
        var (node, path): (Int, [Int32]) = (0, [])
        while skeleton.childCounts[node] > 0 {
            let children = firsts[node]..<firsts[node + 1]
            let distances = children.map { child in
                (0..<Self.dimension).reduce(0.0) {
                    let difference = Double(vector[$1]) - Double(skeleton.vectors[child * Self.dimension + $1])
                    return $0 + difference * difference
                }
            }
            let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
            path.append(Int32(nearest))
            node = children.lowerBound + nearest
        }
        return path
    }

    @Test(
        "Vectors come to where the nearest prefixes lead, also those that were not there",
        arguments: DocidScheme.anchored)
    func places(scheme: DocidScheme) {
        let skeleton = build(scheme, Vectors.clustered(300, dimension: Self.dimension))
        for (vectors, threads) in [
            (Vectors.clustered(300, dimension: Self.dimension), 1),
            (Vectors.clustered(170, dimension: Self.dimension, seed: 7), 3),
        ] {
            let tree = skeleton.place(vectors, threads: threads)
            let count = vectors.count / Self.dimension
            #expect(tree.documentCount == count)
            for document in 0..<Int32(count) {
                let start = Int(document) * Self.dimension
                let vector = vectors.slice(start..<start + Self.dimension).toArray()
                let docid = tree.docid(of: document)
                #expect(Array(docid.dropLast()) == descend(vector, skeleton))
                #expect(tree.document(of: docid) == document)
            }
            // A tree that is stored and read has passed every check of its structure.
            #expect(throws: Never.self) { try DocidTree(sections: SectionStore(tree.sections()).read) }
        }
        #expect(skeleton.depth == (scheme == .atomic ? 0 : skeleton.levels.count - 1))
        #expect(scheme == .atomic || skeleton.depth > 0)
    }

    @Test("The same on any number of threads", arguments: DocidScheme.anchored) func threads(scheme: DocidScheme) {
        let vectors = Vectors.clustered(400, dimension: Self.dimension)
        let (one, four) = (build(scheme, vectors, threads: 1), build(scheme, vectors, threads: 4))
        #expect(one.childCounts == four.childCounts && one.vectors.toArray() == four.vectors.toArray())
    }

    @Test("Equal vectors, one vector and none have docids", arguments: DocidScheme.anchored)
    func few(scheme: DocidScheme) {
        for count in [0, 1, 50] {
            let vectors = Vectors.equal(count, dimension: Self.dimension)
            let tree = build(scheme, vectors).place(vectors)
            #expect(tree.documentCount == count)
            #expect(Set((0..<Int32(count)).map { tree.docid(of: $0) }).count == count)
        }
    }

    @Test("What is no tree is refused") func refusals() {
        let row = FrozenArray([Float](repeating: 0, count: 4 * 3))
        #expect(DocidSkeleton(dimension: 3, childCounts: [2, 1, 0, 0], vectors: row) != nil)
        for counts: [Int32] in [[2, 1, 0, 1], [0, 3, 0, 0], [3, 0, 0], [-1, 4, 0, 0], [], [2, 0, 0, 0]] {
            #expect(DocidSkeleton(dimension: 3, childCounts: counts, vectors: row) == nil)
        }
        #expect(DocidSkeleton(dimension: 2, childCounts: [2, 1, 0, 0], vectors: row) == nil)
    }

    private func entries(_ passages: [Int32], count: Int) -> DocidEntries {
        DocidEntries(
            vectors: HalfVectors(
                rounding: Vectors.clustered(passages.count, dimension: Self.dimension), dimension: Self.dimension),
            passages: FrozenArray(passages), passageCount: count)
    }

    @Test("Entries are found by passage, stored and read") func entries() throws {
        let entries = entries([0, 0, 0, 1, 2, 2], count: 3)
        #expect((0..<Int32(3)).map { entries.entries(of: $0) } == [0..<3, 3..<4, 4..<6])
        let store = SectionStore(entries.sections())
        let again = try DocidEntries(sections: store.read)
        #expect(again.passages.toArray() == [0, 0, 0, 1, 2, 2] && again.passageCount == 3)
        #expect(again.vectors.bits.toArray() == entries.vectors.bits.toArray())
        store.damaged(rounds: 40, seed: 3) { damaged in
            if let read = try? DocidEntries(sections: damaged.read) {
                #expect(read.entries(of: Int32(read.passageCount - 1)).upperBound == read.count)
            }
        }
        for passages: [Int32] in [[0, 2, 2, 2, 2, 2], [1, 1, 1, 1, 2, 2], [0, 1, 0, 1, 2, 2], [-1, 0, 1, 2, 2, 2]] {
            var other = store
            other.bytes["docids.entries.passages"] = passages.withUnsafeBytes { Array($0) }
            #expect(throws: DocidError.self) { try DocidEntries(sections: other.read) }
        }
    }
}
