import Engine
import Foundation
import HTTPTypes
import HummingbirdCore
import IndexStore
import Memory
import Search
import Serving
import Tensors

/// Vectors in the dialects of OpenAI's clients and of text-embeddings-inference's.
enum EmbeddingRoutes {
    static let all: [Route] =
        ["/v1/embeddings", "/embeddings"].map(openAI) + [textEmbeddings, models]

    // MARK: OpenAI

    private struct OpenAIResponse: Encodable {
        struct Item: Encodable {
            var object = "embedding"
            var index: Int
            var embedding: EncodedVector
        }
        struct Usage: Encodable {
            var prompt_tokens: Int
            var total_tokens: Int
        }
        var object = "list"
        var data: [Item]
        var model: String
        var usage: Usage
    }

    private static func openAI(_ path: String) -> Route {
        Route(
            .post, path, .search,
            RouteDescription(
                "Vectors of texts, as OpenAI's clients ask for them. The model NAME:query encodes questions.",
                request: .named("OpenAIEmbeddingRequest"), response: .named("OpenAIEmbeddings"), failures: [404, 422]),
            failures: .openAI
        ) { exchange, state in
            let body = try JSONBody(try await exchange.json(state))
            let texts = try body.texts("input")
            let format = try body.choice("encoding_format", EncodeRequest.Encoding.self) ?? .float
            let name = try body.text("model") ?? ""
            let (index, kind) = try encoder(name, exchange, state)
            let dimension = index.engine.manifest.encoder?.dimension
            if let wish = try body.integer("dimensions"), let dimension, wish != dimension {
                throw Problem(
                    .invalidOption, "dimensions must be \(dimension): the encoder has no others", member: "dimensions")
            }
            let model = (index.engine.manifest.encoder?.name ?? "") + (kind == .query ? ":query" : "")
            var response = try await encode(texts, kind, "input", index, exchange, state) { vectors, tokens in
                let items = (0..<vectors.rows).map {
                    OpenAIResponse.Item(index: $0, embedding: EncodedVector(vectors.row($0), format))
                }
                return try .json(
                    OpenAIResponse(
                        data: items, model: model, usage: .init(prompt_tokens: tokens, total_tokens: tokens)))
            }
            if name != model { response.headers[.genretModel] = model }
            return response
        }
    }

    // MARK: text-embeddings-inference

    private static let textEmbeddings = Route(
        .post, "/embed", .search,
        RouteDescription(
            "Vectors of texts, as clients of text-embeddings-inference ask for them.",
            request: .named("TextEmbeddingsRequest"), response: .array(.array(.number)), failures: [404, 422]),
        failures: .textEmbeddings
    ) { exchange, state in
        let body = try JSONBody(try await exchange.json(state))
        let texts = try body.texts("inputs")
        if try body.flag("normalize") == false {
            throw Problem(
                .invalidOption, "vectors have length one here; normalize cannot be false", member: "normalize")
        }
        let kind: EncodedKind =
            switch try body.text("prompt_name") {
            case nil, "passage", "document": .passage
            case "query": .query
            default:
                throw Problem(.invalidOption, "prompt_name must be query, passage or document", member: "prompt_name")
            }
        let index = try exchange.index(state)
        return try await encode(texts, kind, "inputs", index, exchange, state) { vectors, _ in
            try .json((0..<vectors.rows).map { Array(vectors.row($0)) })
        }
    }

    // MARK: Models

    private struct Models: Encodable {
        struct Model: Encodable {
            var id: String
            var object = "model"
            var created = 0
            var owned_by = "genret"
        }
        var object = "list"
        var data: [Model]
    }

    private static let models = Route(
        .get, "/v1/models", .search, RouteDescription("Models to encode and rerank with.", response: .named("Models"))
    ) { _, state in
        var names: [String] = []
        for name in state.indexes.compactMap({ $0.engine.manifest.encoder?.name }) where !names.contains(name) {
            names += [name, name + ":query"]
        }
        return try .json(Models(data: (names + RerankRoutes.models(state)).map { .init(id: $0) }))
    }

    // MARK: Encoding

    /// The first index with an encoder, or that whose encoder is named.
    private static func encoder(
        _ model: String, _ exchange: Exchange, _ state: ServerState
    ) throws -> (ServedIndex, EncodedKind) {
        let kind: EncodedKind = model.hasSuffix(":query") ? .query : .passage
        let name = kind == .query ? String(model.dropLast(6)) : model
        if exchange.query["index"] != nil { return (try exchange.index(state), kind) }
        let named = state.indexes.first { $0.engine.manifest.encoder?.name == name }
        let any = state.indexes.first { $0.engine.manifest.encoder != nil }
        return (try named ?? any ?? exchange.index(state), kind)
    }

    /// Encodes texts and makes the answer, both on a worker: a thousand vectors are long to write, too.
    private static func encode(
        _ texts: [String], _ kind: EncodedKind, _ member: String, _ index: ServedIndex, _ exchange: Exchange,
        _ state: ServerState, _ response: @escaping @Sendable (Matrix, _ tokens: Int) throws -> Response
    ) async throws -> Response {
        try state.configuration.limits.check(texts: texts, member)
        let cancellation = exchange.cancellation(state)
        return try await state.pool.run {
            try cancellation.throwIfRaised()
            let (vectors, tokens) = try index.engine.encode(texts, as: kind, cancellation: cancellation)
            return try response(vectors, tokens)
        }
    }
}
