import Docids
import Memory
import Tensors

/// The semantic tree: the code vector of a node is its centroid.
struct TreePaths: DocidPaths {
    private let tree: DocidTree
    let depth: Int

    init(tree: DocidTree) {
        self.tree = tree
        var levels = [Int](repeating: 0, count: tree.nodeCount)
        var deepest = 0
        // Breadth-first order: a parent's level is known before its children's.
        for node in 0..<tree.nodeCount {
            for child in tree.children(of: node) {
                levels[child] = levels[node] + 1
                deepest = max(deepest, levels[child])
            }
        }
        depth = deepest + 1
    }

    var nodeCount: Int { tree.nodeCount }
    func isLeaf(_ node: Int) -> Bool { tree.isLeaf(node) }
    func children(of node: Int) -> Range<Int> { tree.children(of: node) }
    func documents(of node: Int) -> FrozenArray<Int32> { tree.documents(of: node) }
    func token(of node: Int) -> Int32 { tree.digit(of: node) }
    func child(of node: Int, token: Int32) -> Int? { tree.child(of: node, digit: token) }

    func similarities(to query: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: tree.nodeCount) { scores, initialized in
            if let output = scores.baseAddress {
                Product.sgemv(
                    rows: tree.nodeCount, columns: tree.dimension, tree.centroids.unsafeBase, query,
                    into: output)
            }
            initialized = tree.nodeCount
        }
    }

    func docid(of document: Int32) -> [Int32] { tree.docid(of: document) }
    func document(of docid: [Int32]) -> Int32? { tree.document(of: docid) }
}
