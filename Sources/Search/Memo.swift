import Memory
import Synchronization

/// Values that are computed of a query or a filter when they are first asked for, the last one of each type.
public final class Memo: Sendable {
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
