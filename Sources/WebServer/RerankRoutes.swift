import Engine
import Foundation
import HTTPTypes
import HummingbirdCore
import Memory
import Search
import Serving

/// Reranking in the dialects of Cohere's, Jina's and text-embeddings-inference's clients. The body tells which: `texts` is
/// text-embeddings-inference's, `documents` the others'.
enum RerankRoutes {
    /// The name of the model.
    static let model = "genret-rerank"

    /// The names of all models: the index's own, and the methods that the server was started with.
    static func models(_ state: ServerState) -> [String] {
        [model] + (state.configuration.limits.search.rerankMethods ?? []).sorted()
    }

    static let all: [Route] = ["/v1/rerank", "/v2/rerank", "/rerank", "/v1/reranking", "/reranking"].map { path in
        let about = RouteDescription(
            "Orders texts for a query, as Cohere's, Jina's and text-embeddings-inference's clients ask.",
            request: .any([.named("DocumentsRerankRequest"), .named("TextsRerankRequest")]),
            response: .any([.named("DocumentsRanking"), .named("TextsRanking")]), failures: [404, 422])
        return Route(.post, path, .search, about, failures: .openAI) { exchange, state in
            let body = try JSONBody(try await exchange.json(state))
            guard body.has("texts"), !body.has("documents") else { return try await documents(body, exchange, state) }
            do {
                return try await texts(body, exchange, state)
            } catch {
                var problem = Problem(error)
                if problem.code == .cancelled { problem = Problem(.timedOut, "there was no answer in time") }
                return .problem(problem, .textEmbeddings)
            }
        }
    }

    // MARK: Cohere, Jina

    private struct Document: Encodable { var text: String }

    private struct DocumentsRanking: Encodable {
        struct Item: Encodable {
            var index: Int
            var relevance_score: Float
            var document: Document?
        }
        struct Meta: Encodable {
            struct Version: Encodable { var version = "2" }
            struct Units: Encodable { var search_units = 1 }
            var api_version = Version()
            var billed_units = Units()
        }
        struct Usage: Encodable {
            var prompt_tokens = 0
            var total_tokens = 0
        }
        var id: String
        var object = "list"
        var model: String
        var results: [Item]
        var meta = Meta()
        var usage = Usage()
    }

    private static func documents(_ body: JSONBody, _ exchange: Exchange, _ state: ServerState) async throws -> Response
    {
        let texts = try body.documents("documents")
        let items = try await ranked(texts, body, "documents", exchange, state)
        let count = try body.integer("top_n") ?? texts.count
        guard count >= 1 else { throw Problem(.invalidOption, "top_n must be 1 or more", member: "top_n") }
        let returns = try body.flag("return_documents") ?? false
        let ranking = DocumentsRanking(
            id: exchange.id, model: try named(body, state),
            results: items.prefix(count).map {
                .init(
                    index: $0.index, relevance_score: $0.relevance,
                    document: returns ? Document(text: texts[$0.index]) : nil)
            })
        return try answer(ranking, body, state)
    }

    // MARK: text-embeddings-inference

    private struct TextsItem: Encodable {
        var index: Int
        var score: Float
        var text: String?
    }

    private static func texts(_ body: JSONBody, _ exchange: Exchange, _ state: ServerState) async throws -> Response {
        let texts = try body.documents("texts")
        let items = try await ranked(texts, body, "texts", exchange, state)
        let (isRaw, returns) = (try body.flag("raw_scores") ?? false, try body.flag("return_text") ?? false)
        return try answer(
            items.map {
                TextsItem(
                    index: $0.index, score: isRaw ? $0.score : $0.relevance, text: returns ? texts[$0.index] : nil)
            }, body, state)
    }

    // MARK: Ranking

    private static func ranked(
        _ texts: [String], _ body: JSONBody, _ member: String, _ exchange: Exchange, _ state: ServerState
    ) async throws -> [RerankResponse.Item] {
        guard let query = try body.text("query") else {
            throw Problem(.invalidOption, "query must be given", member: "query")
        }
        let limits = state.configuration.limits
        let name = try named(body, state)
        let request = RerankRequest(query: query, texts: texts, with: name == model ? nil : name)
        try limits.check(texts: texts, member)
        try RerankCall.check(request, limits)
        let index = try exchange.index(state)
        let cancellation = exchange.cancellation(state)
        return try await state.pool.run {
            try cancellation.throwIfRaised()
            return try RerankCall.answer(request, of: index, cancellation).answer.results
        }
    }

    /// The model that answers: a method that the server has and the body names, or the index's own.
    private static func named(_ body: JSONBody, _ state: ServerState) throws -> String {
        let methods = state.configuration.limits.search.rerankMethods ?? []
        return try body.text("model").flatMap { methods.contains($0) ? $0 : nil } ?? model
    }

    private static func answer(_ value: some Encodable, _ body: JSONBody, _ state: ServerState) throws -> Response {
        var response = try Response.json(value)
        let own = try named(body, state)
        if try body.text("model") ?? own != own { response.headers[.genretModel] = own }
        return response
    }
}
