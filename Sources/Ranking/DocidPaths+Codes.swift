import Docids
import Memory

/// The tree over coded vectors: the code vector of a node is the mean of what lies below, in bytes.
struct CodedPaths: DocidPaths {
    private let codes: LeafCodes
    let depth: Int

    init(codes: LeafCodes) {
        self.codes = codes
        var levels = [Int32](repeating: 0, count: codes.nodeCount)
        // Breadth-first order: a parent's level is known before its children's.
        for node in levels.indices {
            for child in codes.children(of: node) { levels[child] = levels[node] + 1 }
        }
        depth = Int(levels.max() ?? 0) + 1
    }

    var nodeCount: Int { codes.nodeCount }
    func isLeaf(_ node: Int) -> Bool { codes.isLeaf(node) }
    func children(of node: Int) -> Range<Int> { codes.children(of: node) }
    func documents(of node: Int) -> FrozenArray<Int32> { codes.documents(of: node) }
    func token(of node: Int) -> Int32 { codes.token(of: node) }
    func child(of node: Int, token: Int32) -> Int? { codes.child(of: node, token: token) }

    func similarities(to query: [Float]) -> [Float] {
        codes.centroids.products(codes.query(query), 0..<codes.nodeCount)
    }

    func docid(of document: Int32) -> [Int32] { codes.docid(of: document) }
    func document(of docid: [Int32]) -> Int32? { codes.document(of: docid) }
}
