/// Something found, with its score: a passage, a token, a node of a tree.
@frozen
public struct Scored<ID: Hashable & Comparable & Sendable>: Equatable, Sendable {
    public var id: ID
    public var score: Float

    @inlinable public init(_ id: ID, score: Float) {
        self.id = id
        self.score = score
    }

    /// Score falling, then id rising: the order of every list.
    @inlinable public static func precedes(_ a: Scored, _ b: Scored) -> Bool {
        a.score != b.score ? a.score > b.score : a.id < b.id
    }
}

/// A passage with a retriever's score.
public typealias ScoredPassage = Scored<PassageIndex>

extension Scored where ID == PassageIndex {
    @inlinable public var passage: PassageIndex { id }
}
