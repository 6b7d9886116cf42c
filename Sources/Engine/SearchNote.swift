import Search

/// What a person should know of a search: something of it could not run.
public struct SearchNote: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Retrievers do not run.
        case absent([ComponentID])
        /// A retriever runs, but without a part of the index.
        case without(part: ComponentID, ComponentID)
        /// No passage is encoded for the query, though some have static vectors only.
        case notRefined
        /// Nothing is reranked.
        case notReranked
    }

    public var kind: Kind
    public var reason: EngineError

    public init(_ kind: Kind, reason: EngineError) { (self.kind, self.reason) = (kind, reason) }
}

extension SearchNote: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .absent(let ids):
            "\(ids.map(\.name).joined(separator: " and ")) \(ids.count == 1 ? "does" : "do") not run: \(reason)"
        case .without(let part, let id): "\(id) runs without the index's \(part): \(reason)"
        case .notRefined: "passages with static vectors are not encoded for queries: \(reason)"
        case .notReranked: "nothing is reranked: \(reason)"
        }
    }
}
