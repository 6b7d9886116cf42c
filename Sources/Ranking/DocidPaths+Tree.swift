import Docids
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

    var root: DocidState { DocidState(node: 0) }

    func childCount(of state: DocidState) -> Int {
        let node = Int(state.node)
        return tree.isLeaf(node) ? tree.documents(of: node).count : tree.children(of: node).count
    }

    func forEachChild(of state: DocidState, _ body: (Int32, DocidState) -> Void) {
        guard !state.isComplete else { return }
        let node = Int(state.node)
        if tree.isLeaf(node) {
            let documents = tree.documents(of: node)
            for place in documents.indices {
                body(Int32(place), DocidState(node: state.node, document: documents[place]))
            }
        } else {
            for child in tree.children(of: node) {
                body(tree.digit(of: child), DocidState(node: Int32(child)))
            }
        }
    }

    func child(of state: DocidState, _ token: Int32) -> DocidState? {
        guard !state.isComplete, token >= 0 else { return nil }
        let node = Int(state.node)
        guard tree.isLeaf(node) else {
            return tree.child(of: node, digit: token).map { DocidState(node: Int32($0)) }
        }
        let documents = tree.documents(of: node)
        guard Int(token) < documents.count else { return nil }
        return DocidState(node: state.node, document: documents[Int(token)])
    }

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
