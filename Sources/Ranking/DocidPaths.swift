import Docids

/// Where a docid's prefix stands: at an inner node, or at a passage.
public struct DocidState: Sendable, Equatable {
    public var node: Int32
    /// The passage of a whole docid; -1 inside.
    public var document: Int32 = -1

    public var isComplete: Bool { document >= 0 }
}

/// A tree of docids as decoding sees it, with the similarity of a query to every prefix.
protocol DocidPaths: Sendable {
    var root: DocidState { get }
    /// The length of the longest docid.
    var depth: Int { get }

    /// Visits the tokens that may follow, in rising order.
    func forEachChild(of state: DocidState, _ body: (Int32, DocidState) -> Void)
    func childCount(of state: DocidState) -> Int
    func child(of state: DocidState, _ token: Int32) -> DocidState?

    /// The inner product of a query with the code vector of every inner node.
    func similarities(to query: [Float]) -> [Float]

    func docid(of document: Int32) -> [Int32]
    func document(of docid: [Int32]) -> Int32?
}

