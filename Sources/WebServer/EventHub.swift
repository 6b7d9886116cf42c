import Synchronization

/// Tells everybody who listens what happens to indexes.
final class EventHub: Sendable {
    struct Event: Sendable {
        /// "index.ready".
        var name: String
        /// JSON, on one line.
        var data: String
    }

    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Events from now on. Who reads slowly loses the oldest.
    func events() -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(64))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    func send(_ name: String, _ data: String) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield(Event(name: name, data: data)) }
    }

    /// Ends all streams with a last event.
    func close() {
        send("server.stopping", "{}")
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
