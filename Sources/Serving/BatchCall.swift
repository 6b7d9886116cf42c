import Engine
import Memory
import Search
import Synchronization

/// Many queries with the same options.
public struct BatchRequest: Sendable, Decodable {
    public struct Query: Sendable, Equatable, Decodable {
        public var id: String
        public var text: String
        /// Its own, where the index's vectors were imported.
        public var vector: [Float]?

        public init(from decoder: any Decoder) throws {
            let members = try RequestMembers(decoder, known: ["id", "text", "vector"])
            (id, text) = (try members.text("id"), try members.text("text"))
            vector = try members.value("vector", as: [Float].self, "a list of numbers")
        }
    }

    public var queries: [Query]
    /// What each is searched with; its own query is empty.
    public var search: SearchRequest
    /// How many run at a time; nil: as many as there are cores. The answers do not depend on it.
    public var threads: Int?

    public init(from decoder: any Decoder) throws {
        let own = ["queries", "threads"]
        guard case .object(var members) = try JSONTree(from: decoder) else { throw OptionFault("request", "an object") }
        let mine = try RequestMembers(.object(members.filter { own.contains($0.key) }), known: own)
        queries = try mine.required("queries", as: [Query].self, "a list of objects with id and text")
        threads = try mine.value("threads", as: Int.self, "a whole number")
        for name in ["query", "vector"] where members[name] != nil { throw OptionFault(name, "left out of a batch") }
        members = members.filter { !own.contains($0.key) }
        members["query"] = .string("")
        search = try JSONTree.object(members).decoded(as: SearchRequest.self)
    }

    /// The request of one query.
    public func request(for query: Query) -> SearchRequest {
        var request = search
        (request.query, request.vector) = (query.text, query.vector)
        return request
    }

    /// - Throws: ``OptionFault``.
    public func check(_ limits: ServingLimits) throws {
        guard queries.count <= limits.batch else { throw OptionFault("queries", "at most \(limits.batch) queries") }
        if let threads, threads < 1 { throw OptionFault("threads", "1 or more") }
        try limits.check(search)
        for query in queries { try limits.check(query: query.text) }
        var ids: Set<String> = []
        for query in queries where !ids.insert(query.id).inserted {
            throw OptionFault("queries", "queries with ids of their own; \"\(query.id)\" is there twice")
        }
    }
}

/// One query's answer in a batch: a search's, with the query's id.
public struct BatchAnswer: Sendable, Encodable {
    public var id: String
    public var response: SearchResponse

    public init(id: String, _ response: SearchResponse) { (self.id, self.response) = (id, response) }

    private enum CodingKeys: String, CodingKey { case id }

    public func encode(to encoder: any Encoder) throws {
        try response.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
    }
}

public struct BatchResponse: Sendable, Encodable {
    public var generation: String
    /// In the order of the queries.
    public var results: [BatchAnswer]
    /// Queries without anything to search for.
    public var empty: [String]
    public var milliseconds: Double

    /// - Parameters:
    ///   - answers: one for each query; nil where there was nothing to search for.
    ///   - start: when the batch began.
    public init(
        _ queries: [BatchRequest.Query], _ answers: [SearchResponse?], generation: String,
        since start: ContinuousClock.Instant
    ) {
        let pairs = zip(queries, answers)
        self.generation = generation
        results = pairs.compactMap { query, answer in answer.map { BatchAnswer(id: query.id, $0) } }
        empty = pairs.filter { $0.1 == nil }.map(\.0.id)
        milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    }
}

/// Answers many queries on several threads.
public enum BatchCall: IndexCall {
    public static let name = "batch"
    public static let summary = "Answers many queries with the same options."

    public static func check(_ request: BatchRequest, _ limits: ServingLimits) throws { try request.check(limits) }

    public static func answer(
        _ request: BatchRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<BatchResponse> {
        let start = ContinuousClock.now
        let generation = index.generation
        let failure = Mutex<(any Error)?>(nil)
        let answers = Parallel.map(
            count: request.queries.count, threads: request.threads ?? Parallel.cores
        ) { place -> SearchResponse? in
            guard failure.withLock({ $0 == nil }) else { return nil }
            do {
                return try index.engine.search(request.request(for: request.queries[place]), cancellation: cancellation)
            } catch EngineError.emptyQuery {
                return nil
            } catch {
                failure.withLock { $0 = $0 ?? error }
                return nil
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return IndexAnswer(
            index: index.name, BatchResponse(request.queries, answers, generation: generation, since: start))
    }

    public static func isLasting(_ response: IndexAnswer<BatchResponse>) -> Bool { false }

    public static let requestSchema = Schema.named("BatchRequest")
    public static let responseSchema = Schema.named("BatchResponse")
}
