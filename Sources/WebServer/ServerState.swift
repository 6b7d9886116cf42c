import Foundation
import Logging
import Search
import Serving
import Synchronization

/// What all routes share.
final class ServerState: Sendable {
    let configuration: ServerConfiguration
    let indexes: [ServedIndex]
    let desk: CallDesk
    let cache: AnswerCache
    let pool: WorkerPool
    let hub = EventHub()
    let metrics: ServerMetrics
    /// The OpenAPI document, which does not change while the server runs.
    let description: [UInt8]
    let logger: Logger
    private let stopping = Atomic(false)
    private let aborting = Atomic(false)

    init(_ configuration: ServerConfiguration, indexes: [ServedIndex], logger: Logger) {
        (self.configuration, self.indexes, self.logger) = (configuration, indexes, logger)
        cache = AnswerCache(capacity: configuration.cache)
        desk = CallDesk(limits: configuration.limits, cache: cache)
        pool = WorkerPool(workers: configuration.workers, queue: configuration.queue)
        metrics = ServerMetrics(version: configuration.version)
        // What is made of texts and numbers here is JSON.
        let document = OpenAPI(configuration: configuration, indexes: indexes.map(\.name)).document
        description = [UInt8]((try? JSONTree.bytes(of: document)) ?? Data())
        for index in indexes { metrics.note(index) }
    }

    /// - Parameter name: nil is the first.
    func index(named name: String?) throws(Problem) -> ServedIndex {
        guard let name else { return try first() }
        guard let index = indexes.first(where: { $0.name == name }) else {
            throw Problem(.unknownIndex, "no index is called \"\(name.prefix(100))\"")
        }
        return index
    }

    private func first() throws(Problem) -> ServedIndex {
        guard let index = indexes.first else { throw Problem(.unknownIndex, "no index is served") }
        return index
    }

    /// Whether the server takes no new work, and whether it gives up what runs.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }
    var isAborting: Bool { aborting.load(ordering: .relaxed) }

    func stop() { stopping.store(true, ordering: .relaxed) }
    func abort() { aborting.store(true, ordering: .relaxed) }
}
