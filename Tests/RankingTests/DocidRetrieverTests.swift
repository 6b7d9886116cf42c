import Docids
import Foundation
import Memory
import Ranking
import Search
import TestSupport
import Testing

@Suite struct DocidRetrieverTests {
    private static let dimension = 16

    /// Retrievers over the same vectors, some of which are equal.
    private struct Setup {
        let dense: DenseIndex
        let tree: DocidTree
        let trie: DocidTrie
        let retrievers: [DocidSearch]

        init(count: Int, fanout: Int = 4, leafSize: Int = 5, seed: UInt64) {
            let vectors = RandomVectors.make(count, dimension: dimension, seed: seed, repeats: 9)
            dense = DenseIndex(vectors: vectors, dimension: dimension)
            tree = DocidTreeBuilder(fanout: fanout, leafSize: leafSize, seed: seed)
                .build(vectors: vectors, dimension: dimension)
            let quantiser = ResidualQuantiser.train(
                vectors: vectors, dimension: dimension, levels: 3, codewords: 8, seed: seed)
            trie = DocidTrie(codes: quantiser.encode(vectors: vectors), depth: quantiser.levelCount)
            retrievers = [
                DocidSearch(tree: tree, dense: dense),
                DocidSearch(trie: trie, quantiser: quantiser, dense: dense),
            ]
        }

        /// All passages by their exact similarity.
        func ranking(_ query: [Float]) -> [Scored<Int32>] {
            (0..<Int32(dense.count)).map { Scored($0, score: dense.query(query).similarity($0)) }
                .sorted { ($0.score, $1.id) > ($1.score, $0.id) }
        }
    }

    @Test("As many beams as passages find the exact ranking", arguments: [1, 2, 33, 150])
    func exhaustive(count: Int) {
        let setup = Setup(count: count, seed: UInt64(count))
        var random = SeededGenerator(seed: 9)
        var options = DocidSearch.Options()
        options.beams = count
        for retriever in setup.retrievers {
            for _ in 0..<8 {
                let query = RandomVectors.one(Self.dimension, &random)
                let result = retriever.search(query, k: count, options: options)
                #expect(result.passages == setup.ranking(query))
                #expect(result.docidCount == count && result.invalidDocids == 0)
                // Ties apart, that is the dense index' own list.
                let scan = setup.dense.query(query).best(count).map(\.score)
                for (a, b) in zip(result.passages, scan) { #expect(abs(a.score - b) < 1e-5) }
                #expect(
                    retriever.search(query, k: 3, options: options).passages
                        == Array(setup.ranking(query).prefix(3)))
            }
        }
    }

    @Test("Fewer beams find some of it, in the same order", arguments: [1, 3, 10]) func narrow(beams: Int) {
        let setup = Setup(count: 200, seed: 4)
        var random = SeededGenerator(seed: 10)
        var options = DocidSearch.Options()
        options.beams = beams
        var best = [0, 0]
        for _ in 0..<30 {
            let query = RandomVectors.one(Self.dimension, &random)
            let ranking = setup.ranking(query)
            for (scheme, retriever) in setup.retrievers.enumerated() {
                let result = retriever.search(query, k: 200, options: options)
                #expect(!result.passages.isEmpty && result.invalidDocids == 0)
                #expect(result.docidCount == result.passages.count)
                let found = Set(result.passages.map(\.id))
                #expect(result.passages == ranking.filter { found.contains($0.id) })
                if result.passages.first == ranking.first { best[scheme] += 1 }
            }
        }
        // The nearest passage is found more often than by chance.
        #expect(best.allSatisfy { $0 >= (beams == 1 ? 2 : 8) })
    }

    @Test("The steps of all paths are probabilities") func paths() {
        let setup = Setup(count: 120, seed: 6)
        var random = SeededGenerator(seed: 11)
        for (scheme, retriever) in setup.retrievers.enumerated() {
            let query = RandomVectors.one(Self.dimension, &random)
            // Every prefix with the probabilities of the tokens after it.
            var children: [[Int32]: [Int32: Float]] = [:]
            var total = 0.0
            for document in 0..<Int32(setup.dense.count) {
                let path = retriever.path(of: document, query: query)
                let docid = path.map(\.token)
                if scheme == 0 {
                    #expect(docid == setup.tree.docid(of: document))
                    #expect(setup.tree.document(of: docid) == document)
                } else {
                    let leaf = setup.trie.node(of: docid.dropLast())
                    #expect(Array(docid.dropLast()) == setup.trie.codes(of: document))
                    #expect(leaf.map { setup.trie.documents(of: $0)[Int(docid.last ?? -1)] } == document)
                }
                total += exp(path.reduce(0.0) { $0 + Double($1.logProb) })
                for (depth, step) in path.enumerated() {
                    let known = children[Array(docid[..<depth]), default: [:]].updateValue(
                        step.logProb, forKey: step.token)
                    #expect(known == nil || known == step.logProb)
                }
            }
            for (prefix, tokens) in children {
                let sum = tokens.values.reduce(0.0) { $0 + exp(Double($1)) }
                #expect(abs(sum - 1) < 1e-4, "\(prefix)")
            }
            #expect(abs(total - 1) < 1e-3)
        }
    }

    @Test("A corpus without passages answers") func empty() {
        let dense = DenseIndex(vectors: FrozenArray([Float]()), dimension: Self.dimension)
        let tree = DocidTreeBuilder(fanout: 4, leafSize: 4, seed: 1)
            .build(vectors: dense.floats(), dimension: Self.dimension)
        var random = SeededGenerator(seed: 1)
        let result = DocidSearch(tree: tree, dense: dense)
            .search(RandomVectors.one(Self.dimension, &random), k: 5)
        #expect(result.passages.isEmpty && result.docidCount == 0 && result.invalidDocids == 0)
    }
}
