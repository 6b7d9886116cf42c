/// Scores the few passages that a search found first, by what is too dear for all of them.
public protocol Reranker: Sendable {
    /// Its name in weights and options.
    var id: ComponentID { get }

    /// What of a query must be computed for it.
    var needs: QueryNeeds { get }

    /// Whether it compares candidates with each other, so that it must see all of them at once.
    var comparesCandidates: Bool { get }

    /// A score for each candidate, in their order; larger is better.
    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float]
}

extension Reranker {
    public var needs: QueryNeeds { [] }
    public var comparesCandidates: Bool { false }
}
