import Memory
import Synchronization

/// A query as all components of a search read it.
public struct Query: Sendable {
    public let text: String
    /// Of unit length; nil without an encoder, or where no component needs it.
    public var vector: [Float]?
    /// Asked between the steps of long work; where it is raised, lists may be cut short.
    public var cancellation: Cancellation
    /// What may be found: every retriever keeps to it.
    public var filter: PassageFilter
    /// What components make of this query and share with each other.
    public let memo = QueryMemo()
    private var forms = TypedValues()

    public init(
        _ text: String, vector: [Float]? = nil, filter: PassageFilter = .all, cancellation: Cancellation = .never
    ) {
        self.text = text
        self.vector = vector
        self.filter = filter
        self.cancellation = cancellation
    }

    /// The query in a form that its reader knows: tokens, a model's states.
    public subscript<Form: Sendable>(form: Form.Type) -> Form? {
        get { forms[form] }
        set { forms[form] = newValue }
    }
}

/// Values that are computed for a query when they are first asked for, the last one of each type.
public final class QueryMemo: Sendable {
    private let values = Mutex(TypedValues())

    /// The value at hand, where it is right, else a new one, which is kept.
    public func value<Value: Sendable>(
        where isRight: (Value) -> Bool = { _ in true }, make: () throws -> Value
    ) rethrows -> Value {
        if let known = values.withLock({ $0[Value.self] }), isRight(known) { return known }
        let made = try make()
        values.withLock { $0[Value.self] = made }
        return made
    }
}
