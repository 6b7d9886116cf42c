import Engine
import Foundation
import Memory
import Search

public struct RerankRequest: Sendable, Decodable {
    public var query: String
    public var texts: [String]
    /// METHOD or METHOD:MODEL with options, as "genret rerank" has them; nil for the index's own models.
    public var with: String?

    public init(query: String, texts: [String], with: String? = nil) {
        (self.query, self.texts, self.with) = (query, texts, with)
    }

    public init(from decoder: any Decoder) throws {
        let members = try RequestMembers(decoder, known: ["query", "texts", "with"])
        (query, texts) = (try members.text("query"), try members.texts("texts"))
        with = try members.value("with", as: String.self, "a text")
    }
}

public struct RerankResponse: Sendable, Encodable {
    public struct Item: Sendable, Encodable {
        /// The text's place in the request.
        public var index: Int
        /// Between 0 and 1, rising with the score. It orders texts of one query; it is no probability.
        public var relevance: Float
        public var score: Float
        /// By reranker or method, or "cosine".
        public var scores: [ComponentID: Float]
    }

    /// The best first, ties by place.
    public var results: [Item]
}

/// Orders texts, which need not be in the index, for a query.
public enum RerankCall: IndexCall {
    public static let name = "rerank"
    public static let summary = "Orders texts, which need not be in the index, by how well they answer a query."

    public static func check(_ request: RerankRequest, _ limits: ServingLimits) throws {
        try limits.check(query: request.query)
        try limits.check(texts: request.texts, "texts")
        if let fault = request.with.flatMap({ limits.search.check(method: $0, "with") }) { throw fault }
    }

    public static func answer(
        _ request: RerankRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<RerankResponse> {
        let engine = index.engine
        let scores =
            if let with = request.with {
                try engine.rerank(request.query, texts: request.texts, with: with, cancellation: cancellation)
            } else {
                try engine.rerank(request.query, texts: request.texts, cancellation: cancellation)
            }
        let items = scores.enumerated().map { place, score in
            RerankResponse.Item(
                index: place, relevance: relevance(of: score.score), score: score.score, scores: score.scores)
        }
        return IndexAnswer(
            index: index.name,
            RerankResponse(
                results: items.sorted { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }))
    }

    /// The logistic function of a score, which mostly lies between -1 and 1.
    static func relevance(of score: Float) -> Float { 1 / (1 + exp(-4 * score)) }

    public static let requestSchema = Schema.named("RerankRequest")
    public static let responseSchema = Schema.named("RerankResponse")
}
