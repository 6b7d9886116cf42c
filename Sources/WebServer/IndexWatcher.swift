import Engine
import Foundation
import Logging
import Search
import ServiceLifecycle
import Serving
import Synchronization

/// Looks whether an index has a new generation, and goes over to it once all of it is loaded. What cannot be opened is said once,
/// and the old generation answers on.
final class IndexWatcher: Service, Sendable {
    /// What tells one manifest from another without reading it.
    private struct Stamp: Equatable {
        var device: Int?
        var file: Int?
        var modified: Date?
        var size: Int?

        /// Nil where there is none.
        init?(of path: String) {
            let path = URL(filePath: path).resolvingSymlinksInPath().path
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
            (device, file) = (facts[.systemNumber] as? Int, facts[.systemFileNumber] as? Int)
            (modified, size) = (facts[.modificationDate] as? Date, facts[.size] as? Int)
        }
    }

    private let index: ServedIndex
    private let interval: Double
    private let hub: EventHub
    private let metrics: ServerMetrics
    private let logger: Logger
    private let failure = Mutex<String?>(nil)

    init(_ index: ServedIndex, every interval: Double, _ hub: EventHub, _ metrics: ServerMetrics, _ logger: Logger) {
        (self.index, self.interval, self.hub, self.metrics, self.logger) = (index, interval, hub, metrics, logger)
    }

    /// Why the newest generation does not answer; nil where it does.
    var lastFailure: String? { failure.withLock { $0 } }

    /// Seconds after which what could not be opened is tried again.
    private static let patience = 10.0

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            let manifest = URL(filePath: index.engine.path).appending(path: "manifest.json").path
            var known = Stamp(of: manifest)
            var seen = known
            var tried = ContinuousClock.now
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(interval)) } catch { return }
                // Two looks must agree: a writer may be in the middle.
                let now = Stamp(of: manifest)
                defer { seen = now }
                guard let now, now == seen else { continue }
                let isRetry = lastFailure != nil && ContinuousClock.now - tried > .seconds(Self.patience)
                guard now != known || isRetry else { continue }
                (known, tried) = (now, .now)
                await reload()
            }
        }
    }

    private func reload() async {
        hub.send("index.reloading", json(["index": .string(index.name)]))
        do {
            let index = index
            // A reload reads files, which is nothing for the threads that many tasks share.
            let isNew = try await BlockingWork.run { try index.reload() }
            failure.withLock { $0 = nil }
            guard isNew else { return }
            metrics.count("reloads", ["index": index.name, "result": "ok"])
            metrics.note(index)
            logger.info("index changed", metadata: ["index": "\(index.name)", "generation": "\(index.generation)"])
            hub.send(
                "index.ready",
                json([
                    "index": .string(index.name), "generation": .string(index.generation),
                    "passages": .integer(Int64(index.engine.count)),
                ]))
        } catch {
            let reason = "\(error)"
            let isNews = failure.withLock { failure in
                defer { failure = reason }
                return failure != reason
            }
            metrics.count("reloads", ["index": index.name, "result": "failed"])
            // The same is not said again and again.
            guard isNews else { return }
            logger.warning(
                "index cannot be opened anew; the old one answers on: \(reason)", metadata: ["index": "\(index.name)"])
            hub.send("index.failed", json(["index": .string(index.name), "detail": .string(reason)]))
        }
    }

    private func json(_ members: [String: JSONTree]) -> String {
        (try? String(decoding: JSONTree.bytes(of: JSONTree.object(members)), as: UTF8.self)) ?? "{}"
    }
}

/// Work that waits for files or takes long, on a thread of its own.
enum BlockingWork {
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
