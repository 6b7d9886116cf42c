import Memory
import Search
import Synchronization

/// The calls that run, so that they can be cancelled, and no more than so many.
final class RunningCalls: Sendable {
    /// One of them.
    final class Call: Sendable {
        private let flag = Atomic(false)

        var isCancelled: Bool { flag.load(ordering: .relaxed) }
        var cancellation: Cancellation { Cancellation { self.isCancelled } }

        func cancel() { flag.store(true, ordering: .relaxed) }
    }

    private let capacity: Int
    private let state = Mutex((count: 0, calls: [String: Call]()))

    init(capacity: Int) { self.capacity = capacity }

    /// - Returns: nil where too many run.
    func begin(_ id: JSONTree) -> Call? {
        state.withLock { state in
            guard state.count < capacity else { return nil }
            state.count += 1
            let call = Call()
            state.calls[Self.key(id)] = call
            return call
        }
    }

    func end(_ id: JSONTree) {
        state.withLock { state in
            state.count -= 1
            state.calls[Self.key(id)] = nil
        }
    }

    func cancel(_ id: JSONTree) { state.withLock { $0.calls[Self.key(id)] }?.cancel() }

    /// The text "1" and the number 1 are two ids.
    private static func key(_ id: JSONTree) -> String {
        switch id {
        case .string(let text): "text \(text)"
        case .integer(let number): "number \(number)"
        default: "other"
        }
    }
}
