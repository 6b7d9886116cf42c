import Corpora
import Engine
import Foundation
import HTTPTypes
import HummingbirdCore
import Memory
import NIOCore
import Search
import Serving

/// Many queries at once: as one object, as lines that come as they are ready, or as a TREC run.
enum BatchRoute {
    static let path = "/v1/{index}/search/batch"

    static let route = Route(
        .post, path, .search,
        {
            var about = RouteDescription(
                BatchCall.summary, request: BatchCall.requestSchema, response: BatchCall.responseSchema,
                failures: [404, 422])
            about.responses += [("application/x-ndjson", .text), ("text/x-trec-run", .text)]
            return about
        }()
    ) { exchange, state in
        let index = try exchange.index(state)
        let request = try state.desk.request(of: BatchCall.self, try await exchange.json(state))
        let batch = Batch(request: request, index: index, exchange: exchange, state: state)
        // Its place is taken once, for all of its queries.
        let place = try state.pool.place()
        if exchange.accepts("application/x-ndjson") {
            return Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: ResponseBody { writer in
                    defer { withExtendedLifetime(place) {} }
                    try await batch.write(&writer)
                    try await writer.finish(nil)
                })
        }
        defer { withExtendedLifetime(place) {} }
        let start = ContinuousClock.now
        let generation = index.generation
        var answers = [SearchResponse?](repeating: nil, count: request.queries.count)
        for try await (place, answer) in batch.answers() { answers[place] = answer }
        let isRun = exchange.accepts("text/x-trec-run")
        // Writing a thousand answers takes its time, too.
        return try await state.pool.run(isAdmitted: true) { [answers] in
            if isRun { return try .text(run(Array(zip(request.queries, answers))), type: "text/x-trec-run") }
            return try .json(
                IndexAnswer(
                    index: index.name,
                    BatchResponse(request.queries, answers, generation: generation, since: start)))
        }
    }

    private static func run(_ pairs: [(BatchRequest.Query, SearchResponse?)]) throws -> String {
        var run = TRECRun(tag: "genret")
        for (query, answer) in pairs {
            run.set(
                (answer?.candidates ?? []).map { .init(passage: Identifier($0.docid), score: Double($0.score)) },
                query: Identifier(query.id))
        }
        return try run.text()
    }
}

/// A batch under way.
private struct Batch: Sendable {
    let request: BatchRequest
    let index: ServedIndex
    let exchange: Exchange
    let state: ServerState

    /// Answers by the places of their queries, as they are ready; nil for a query without anything to search for. One worker is
    /// left to those who ask a single thing.
    func answers() -> AsyncThrowingStream<(Int, SearchResponse?), any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await withThrowingTaskGroup(of: (Int, SearchResponse?).self) { group in
                        var next = 0
                        func start() {
                            guard next < request.queries.count else { return }
                            let place = next
                            next += 1
                            group.addTask { (place, try await answer(place)) }
                        }
                        for _ in 0..<max(1, state.pool.workers - 1) { start() }
                        while let answer = try await group.next() {
                            continuation.yield(answer)
                            start()
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func answer(_ place: Int) async throws -> SearchResponse? {
        let query = request.queries[place]
        let (connection, state) = (exchange.connection, state)
        // The time of a single query is what each has.
        let cancellation = Cancellation(deadline: .now + .seconds(state.configuration.timeout)).or(
            Cancellation { connection.isClosed || state.isAborting })
        return try await state.pool.run(isAdmitted: true) {
            do {
                return try index.engine.search(request.request(for: query), cancellation: cancellation)
            } catch EngineError.emptyQuery {
                return nil
            }
        }
    }

    /// Writes a line an answer, a line of progress every second, and a last one. What fails in the middle is the last line: the
    /// status is gone by then.
    func write(_ writer: inout any ResponseBodyWriter) async throws {
        let start = ContinuousClock.now
        var told = start
        var (done, empty) = (0, [JSONTree]())
        do {
            for try await (place, answer) in answers() {
                done += 1
                let id = request.queries[place].id
                if let answer {
                    try await line(BatchAnswer(id: id, answer), &writer)
                } else {
                    empty.append(.string(id))
                }
                guard ContinuousClock.now - told > .seconds(1) else { continue }
                told = .now
                try await event("progress", ["done": .integer(Int64(done)), "of": count], &writer)
            }
            try await event(
                "finished",
                ["queries": count, "empty": .array(empty), "seconds": .number((.now - start) / .seconds(1))], &writer)
        } catch {
            var problem = Problem(error)
            problem.requestId = exchange.id
            try await event("failed", ["problem": JSONTree(encoding: problem)], &writer)
        }
    }

    private var count: JSONTree { .integer(Int64(request.queries.count)) }

    private func event(
        _ name: String, _ members: [String: JSONTree], _ writer: inout any ResponseBodyWriter
    ) async throws {
        try await line(JSONTree.object(members.merging(["event": .string(name)]) { own, _ in own }), &writer)
    }

    private func line(_ value: some Encodable & Sendable, _ writer: inout any ResponseBodyWriter) async throws {
        let bytes = try await state.pool.run(isAdmitted: true) { try JSONTree.bytes(of: value) + [0x0A] }
        try await writer.write(ByteBuffer(bytes: bytes))
    }
}
