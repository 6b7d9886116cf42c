/// Finds passages for a query: n-grams, docids, dense vectors, BM25, or one of your own.
///
/// A retriever is an immutable value over a snapshot of an index; any number of threads use it.
public protocol Retriever: Sendable {
    /// Its name in lists, weights and options.
    var id: ComponentID { get }

    /// What of a query must be computed for it.
    var needs: QueryNeeds { get }

    /// Whether scores are inner products of the query's vector with what the index holds for passages' vectors, so that a
    /// ``ScoreRefiner`` may put better ones in their place.
    var isRefinable: Bool { get }

    /// What of a query its list depends on and feedback may change: then it is asked again.
    var follows: QueryForms { get }

    /// The best `depth` passages of those that pass the query's filter; others are left out of what it finds.
    ///
    /// Where the query's cancellation is raised, the list may be shorter than it would be.
    func retrieve(_ query: Query, depth: Int) throws -> RankedList
}

extension Retriever {
    public var needs: QueryNeeds { [] }
    public var isRefinable: Bool { false }
    public var follows: QueryForms { isRefinable ? .vector : [] }
}
