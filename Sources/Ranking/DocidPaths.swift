import Docids
import Memory

/// Where a docid's prefix stands: at an inner node, or at a passage.
package struct DocidState: Sendable, Equatable {
    package var node: Int32
    /// The passage of a whole docid; -1 inside.
    package var document: Int32 = -1

    package var isComplete: Bool { document >= 0 }
}

/// A tree of docids as decoding sees it, with the similarity of a query to every prefix.
///
/// Nodes are numbered breadth first from the root, 0. In a leaf the last token is the passage's
/// place.
protocol DocidPaths: Sendable {
    /// The length of the longest docid.
    var depth: Int { get }
    var nodeCount: Int { get }

    func isLeaf(_ node: Int) -> Bool
    func children(of node: Int) -> Range<Int>
    func documents(of node: Int) -> FrozenArray<Int32>
    /// The token that leads to a node.
    func token(of node: Int) -> Int32
    func child(of node: Int, token: Int32) -> Int?

    /// The inner product of a query with the code vector of every node.
    func similarities(to query: [Float]) -> [Float]

    func docid(of document: Int32) -> [Int32]
    func document(of docid: [Int32]) -> Int32?
}

extension DocidPaths {
    var root: DocidState { DocidState(node: 0) }

    func childCount(of state: DocidState) -> Int {
        let node = Int(state.node)
        return isLeaf(node) ? documents(of: node).count : children(of: node).count
    }

    /// Visits the tokens that may follow, in rising order.
    func forEachChild(of state: DocidState, _ body: (Int32, DocidState) -> Void) {
        guard !state.isComplete else { return }
        let node = Int(state.node)
        if isLeaf(node) {
            let documents = documents(of: node)
            for place in documents.indices {
                body(Int32(place), DocidState(node: state.node, document: documents[place]))
            }
        } else {
            for child in children(of: node) { body(token(of: child), DocidState(node: Int32(child))) }
        }
    }

    func child(of state: DocidState, _ token: Int32) -> DocidState? {
        guard !state.isComplete, token >= 0 else { return nil }
        let node = Int(state.node)
        guard isLeaf(node) else {
            return child(of: node, token: token).map { DocidState(node: Int32($0)) }
        }
        let documents = documents(of: node)
        guard Int(token) < documents.count else { return nil }
        return DocidState(node: state.node, document: documents[Int(token)])
    }
}
