import HTTPTypes
import HummingbirdCore
import NIOCore
import Search
import Serving
import WebPage

/// What tells of the server itself.
enum SystemRoutes {
    static let all: [Route] = [
        Route(.get, "/health", .open, RouteDescription("Whether the process lives.", response: .named("Health"))) {
            _, _ in
            .json(bytes: Array(#"{"status":"ok"}"#.utf8))
        },
        Route(
            .get, "/ready", .open,
            RouteDescription("Whether it answers.", response: .named("Health"), failures: [503])
        ) { _, state in
            if state.isStopping { throw Problem(.stopping, "the server stops") }
            return .json(bytes: Array(#"{"status":"ok"}"#.utf8))
        },
        Route(
            .get, "/metrics", .metrics,
            RouteDescription("Counters as Prometheus reads them.", response: .text, responseType: "text/plain")
        ) { _, state in
            .text(
                state.metrics.text(cache: state.cache, depth: state.pool.depth, indexes: state.indexes),
                type: "text/plain; version=0.0.4; charset=utf-8")
        },
        Route(
            .get, "/openapi.json", .open, RouteDescription("This description.", response: .open([]))
        ) { _, state in
            .json(bytes: state.description)
        },
        Route(
            .get, "/", .open,
            {
                var about = RouteDescription("The page to search with; with Accept: application/json, what is here.")
                about.responses = [("text/html", .text), ("application/json", .anything)]
                return about
            }()
        ) { exchange, state in
            if exchange.accepts("application/json") || !state.configuration.hasPage {
                return try .json(
                    JSONTree.object([
                        "name": .string("genret"), "version": .string(state.configuration.version),
                        "indexes": .string("/v1/indexes"), "openapi": .string("/openapi.json"),
                    ]))
            }
            var response = Response.bytes(ByteBuffer(bytes: Page.bytes), type: "text/html; charset=utf-8")
            response.headers[.contentSecurityPolicy] = Page.policy
            response.headers[.referrerPolicy] = "no-referrer"
            response.headers[.cacheControl] = "no-cache"
            return response
        },
        Route(
            .get, "/v1/events", .search,
            RouteDescription(
                "What happens to indexes, as server-sent events.", response: .text, responseType: "text/event-stream")
        ) { _, state in
            let events = state.hub.events()
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: ": listening\n\n"))
                    try await EventWriter(events).write(&writer)
                    try await writer.finish(nil)
                })
        },
    ]
}

/// Writes events, and a comment now and then that keeps proxies awake.
private struct EventWriter {
    private enum Item: Sendable { case event(EventHub.Event), tick, end }

    private let items: AsyncStream<Item>

    init(_ events: AsyncStream<EventHub.Event>) {
        items = AsyncStream { continuation in
            let ticks = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(15))
                    continuation.yield(.tick)
                }
            }
            let reading = Task {
                for await event in events { continuation.yield(.event(event)) }
                continuation.yield(.end)
            }
            continuation.onTermination = { _ in
                ticks.cancel()
                reading.cancel()
            }
        }
    }

    func write(_ writer: inout any ResponseBodyWriter) async throws {
        for await item in items {
            switch item {
            case .event(let event):
                try await writer.write(ByteBuffer(string: "event: \(event.name)\ndata: \(event.data)\n\n"))
            case .tick: try await writer.write(ByteBuffer(string: ": still here\n\n"))
            case .end: return
            }
        }
    }
}
