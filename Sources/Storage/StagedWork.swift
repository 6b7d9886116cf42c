import Foundation
import Synchronization

/// The folders that this process is staging, so that one that must end at once leaves none behind.
package final class StagedWork: Sendable {
    package static let shared = StagedWork()

    private let paths = Mutex<Set<String>>([])

    package func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    package func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Moves a folder out of staging; meanwhile the process does not end by ``removeAll()``.
    func commit<Failure: Error>(_ path: String, _ move: () throws(Failure) -> Void) throws(Failure) {
        try paths.withLock { (paths: inout sending Set<String>) throws(Failure) in
            try move()
            paths.remove(path)
        }
    }

    /// Removes all that is staged. Other threads may still be writing there, so a folder is tried some
    /// times; for a process that ends right after.
    package func removeAll() {
        paths.withLock { paths in
            for path in paths {
                for _ in 0..<8 where FileManager.default.fileExists(atPath: path) {
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
        }
    }
}
