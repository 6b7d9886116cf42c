import Synchronization

/// Keys that copies of a run share.
final class KeySet: Sendable {
    private let keys = Mutex<Set<String>>([])

    func contains(_ key: String) -> Bool { keys.withLock { $0.contains(key) } }

    func insert(_ key: String) { keys.withLock { _ = $0.insert(key) } }

    func remove(_ key: String) { keys.withLock { _ = $0.remove(key) } }
}
