import Engine
import HTTPTypes
import HummingbirdCore
import Memory
import Search
import Serving

/// What indexes are asked: every call of the contract has a route of its own.
enum IndexRoutes {
    static let all: [Route] =
        Calls.all.filter { $0.name != BatchCall.name && $0.name != InfoCall.name && $0.name != AddCall.name }.map(route)
        + [
            Route(
                .get, "/v1/indexes", .search,
                RouteDescription("The indexes that are served.", response: .named("Indexes"))
            ) { _, state in
                let indexes = try await state.pool.run { try state.indexes.map(ListedIndex.init) }
                return try .json(IndexList(indexes: indexes, version: state.configuration.version))
            },
            Route(.get, "/v1/{index}", .search, RouteDescription(InfoCall.summary, response: InfoCall.responseSchema)) {
                try await answer(InfoCall.self, [], $0, $1)
            },
            Route(
                .post, "/v1/{index}/reload", .admin,
                RouteDescription("Goes on with the newest generation of an index.", response: .named("Reloaded"))
            ) { exchange, state in
                let index = try exchange.index(state)
                let isNew = try await BlockingWork.run { try index.reload() }
                return try .json(Reloaded(index: index.name, generation: index.generation, isNew: isNew))
            },
        ]

    /// Adding takes lines besides JSON, which need not be read as values.
    static let adding = Route(
        .post, "/v1/{index}/add", .admin,
        RouteDescription(
            AddCall.summary,
            parameters: [
                .init(name: "replace", summary: "With lines: whether passages replace others.", schema: .bool)
            ], request: AddCall.requestSchema, response: AddCall.responseSchema, failures: [409])
    ) { exchange, state in
        let index = try exchange.index(state)
        try exchange.requireType("application/json", "application/x-ndjson")
        let body = try await exchange.body(state)
        let isJSON = exchange.request.headers[.contentType]?.hasPrefix("application/json") ?? false
        let replaces = exchange.query["replace"] == "true"
        return try await BlockingWork.run {
            let request =
                isJSON
                ? try state.desk.request(of: AddCall.self, body) : AddRequest(lines: .init(body), replace: replaces)
            return try .json(try AddCall.answer(request, of: index, exchange.changeCancellation(state)))
        }
    }

    private static func path(of call: any IndexCall.Type) -> String { "/v1/{index}/\(call.name)" }

    private static func route(_ call: any IndexCall.Type) -> Route {
        let about = RouteDescription(
            call.summary, request: call.requestSchema, response: call.responseSchema,
            failures: call.changesIndex ? [404, 409] : [404, 422])
        return Route(.post, path(of: call), call.changesIndex ? .admin : .search, about) { exchange, state in
            try await answer(call, exchange.json(state), exchange, state)
        }
    }

    /// Answers a call, from memory where it was answered before.
    static func answer(
        _ call: any IndexCall.Type, _ body: [UInt8], _ exchange: Exchange, _ state: ServerState
    ) async throws -> Response {
        let index = try exchange.index(state)
        if let known = state.desk.known(call, body, of: index) { return .answer(known, for: exchange.request) }
        if call.changesIndex {
            let cancellation = exchange.changeCancellation(state)
            return .answer(
                try await BlockingWork.run { try state.desk.answer(call, body, of: index, cancellation) },
                for: exchange.request)
        }
        let cancellation = exchange.cancellation(state)
        let answer = try await state.pool.run {
            // Who waited too long has gone, or is told.
            try cancellation.throwIfRaised()
            return try state.desk.answer(call, body, of: index, cancellation)
        }
        return .answer(answer, for: exchange.request)
    }
}

extension Exchange {
    /// Of a change, which takes its time, and is finished also where nobody waits any more.
    func changeCancellation(_ state: ServerState) -> Cancellation { Cancellation { state.isAborting } }
}

/// An index among others.
private struct ListedIndex: Encodable, Sendable {
    var name: String
    var overview: IndexOverview

    init(_ index: ServedIndex) throws { (name, overview) = (index.name, try index.engine.overview()) }

    private enum CodingKeys: String, CodingKey { case name }

    func encode(to encoder: any Encoder) throws {
        try overview.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(name, forKey: .name)
    }
}

private struct IndexList: Encodable {
    var indexes: [ListedIndex]
    var version: String
}

private struct Reloaded: Encodable {
    var index: String
    var generation: String
    var isNew: Bool
}
