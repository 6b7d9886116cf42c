import Memory

/// A query as all components of a search read it.
public struct Query: Sendable {
    public let text: String
    /// Of unit length; nil without an encoder, or where no component needs it.
    public var vector: [Float]?
    /// Asked between the steps of long work; where it is raised, lists may be cut short.
    public var cancellation: Cancellation
    /// What may be found: every retriever keeps to it.
    public var filter: PassageFilter
    /// That a component may use; what it finds does not depend on it.
    public var threads: Int
    /// What components make of this query and share with each other.
    public private(set) var memo = Memo()
    private var forms = TypedValues()

    public init(
        _ text: String, vector: [Float]? = nil, filter: PassageFilter = .all, threads: Int = 1,
        cancellation: Cancellation = .never
    ) {
        self.text = text
        self.vector = vector
        self.filter = filter
        self.threads = threads
        self.cancellation = cancellation
    }

    /// Another query, made of this one: nothing that was made of this one is kept.
    public func changed(_ change: (inout Query) throws -> Void) rethrows -> Query {
        var query = self
        query.memo = Memo()
        try change(&query)
        return query
    }

    /// The query in a form that its reader knows: tokens, a model's states.
    public subscript<Form: Sendable>(form: Form.Type) -> Form? {
        get { forms[form] }
        set { forms[form] = newValue }
    }
}
