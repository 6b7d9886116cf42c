import Docids
import Memory
import Tensors

/// Residual-quantised codes: the code vector of a prefix is the sum of its codewords. The last
/// token tells passages of the same codes apart.
struct QuantisedPaths: DocidPaths {
    private let trie: DocidTrie
    private let quantiser: ResidualQuantiser

    init(trie: DocidTrie, quantiser: ResidualQuantiser) {
        self.trie = trie
        self.quantiser = quantiser
    }

    var depth: Int { trie.depth + 1 }
    var nodeCount: Int { trie.nodeCount }

    func isLeaf(_ node: Int) -> Bool { trie.isLeaf(node) }
    func children(of node: Int) -> Range<Int> { trie.children(of: node) }
    func documents(of node: Int) -> FrozenArray<Int32> { trie.documents(of: node) }
    func token(of node: Int) -> Int32 { trie.token(of: node) }
    func child(of node: Int, token: Int32) -> Int? { trie.child(of: node, token: token) }

    /// One table of query-codeword products, then a sum along each path.
    func similarities(to query: [Float]) -> [Float] {
        let words = quantiser.codebooks.count / max(1, quantiser.dimension)
        var products = [Float](repeating: 0, count: words)
        products.withUnsafeMutableBufferPointer { output in
            guard let output = output.baseAddress else { return }
            Product.sgemv(
                rows: words, columns: quantiser.dimension, quantiser.codebooks.unsafeBase, query,
                into: output)
        }
        var scores = [Float](repeating: 0, count: trie.nodeCount)
        var starts = [0]
        for count in quantiser.codewordCounts { starts.append(starts[starts.count - 1] + count) }
        var levels = [Int](repeating: 0, count: trie.nodeCount)
        for node in 0..<trie.nodeCount {
            let level = levels[node]
            for child in trie.children(of: node) {
                scores[child] = scores[node] + products[starts[level] + Int(trie.token(of: child))]
                levels[child] = level + 1
            }
        }
        return scores
    }

    func docid(of document: Int32) -> [Int32] {
        let documents = trie.documents(of: trie.leaf(of: document))
        let place = documents.indices.first { documents[$0] == document } ?? 0
        return trie.codes(of: document) + [Int32(place)]
    }

    func document(of docid: [Int32]) -> Int32? {
        guard let place = docid.last, place >= 0, let node = trie.node(of: Array(docid.dropLast())),
            trie.isLeaf(node)
        else { return nil }
        let documents = trie.documents(of: node)
        return Int(place) < documents.count ? documents[Int(place)] : nil
    }
}
