import Serving

/// Schemas of what only the server gives and takes.
enum WebSchemas {
    private typealias Member = Schema.Member

    static let all: [String: Schema] = own.merging(dialects) { $1 }

    private static let document = Member("doc", .any([.map(.anything), .text]), required: true)

    private static let own: [String: Schema] = [
        "Problem": .object([
            Member("type", .text, required: true), Member("title", .text, required: true),
            Member("status", .integer(least: 400, most: 599), required: true),
            Member("code", .oneOf(Problem.Code.allCases.map(\.rawValue)), required: true),
            Member("detail", .text, required: true), Member("member", .text, "What of the request is at fault."),
            Member("error", .text, "The detail again.", required: true), Member("requestId", .text),
        ]),
        "Health": .object([Member("status", .oneOf(["ok"]), required: true)]),
        "Indexes": .object([
            Member("indexes", .array(.object([Member("name", .text, required: true)] + Schema.info)), required: true),
            Member("version", .text, required: true),
        ]),
        "Reloaded": .object([
            Member("index", .text, required: true), Member("generation", .text, required: true),
            Member("isNew", .bool, required: true),
        ]),
        "Document": .object([
            Member("api", .oneOf(["v1"]), required: true), Member("index", .text, required: true),
            Member("docid", .text, required: true), document,
        ]),
        "FoundDocuments": .object([
            Member("api", .oneOf(["v1"]), required: true), Member("index", .text, required: true),
            Member("generation", .text, required: true),
            Member("query", .object([Member("text", .text, required: true)]), required: true),
            Member("candidates", .array(.map(.anything)), "Candidates with their texts as doc.", required: true),
            Member("notes", .array(.text), required: true), Member("milliseconds", .number, required: true),
            Member("timings", .map(.number), required: true),
        ]),
    ]

    private static let texts = Schema.any([.text, .list(.text)])
    private static let documents = Schema.list(.any([.text, .open([Member("text", .text, required: true)])]))

    private static let dialects: [String: Schema] = [
        "OpenAIEmbeddingRequest": .open([
            Member("input", texts, required: true), Member("model", .text),
            Member("encoding_format", .oneOf(EncodeRequest.Encoding.allCases.map(\.rawValue))),
            Member("dimensions", .integer(least: 1, most: nil), "The encoder's own, or nothing."),
        ]),
        "OpenAIEmbeddings": .object([
            Member("object", .oneOf(["list"]), required: true), Member("model", .text, required: true),
            Member(
                "data",
                .array(
                    .object([
                        Member("object", .oneOf(["embedding"]), required: true),
                        Member("index", .count, required: true),
                        Member("embedding", .any([.array(.number), .text]), required: true),
                    ])), required: true),
            Member(
                "usage",
                .object([
                    Member("prompt_tokens", .count, required: true), Member("total_tokens", .count, required: true),
                ]), required: true),
        ]),
        "OpenAIError": .object([
            Member(
                "error",
                .object([
                    Member("message", .text, required: true), Member("type", .text, required: true),
                    Member("code", .text, required: true), Member("param", .text),
                ]), required: true)
        ]),
        "TextEmbeddingsRequest": .open([
            Member("inputs", texts, required: true), Member("prompt_name", .oneOf(["query", "passage", "document"])),
        ]),
        "TextEmbeddingsError": .object([
            Member("error", .text, required: true), Member("error_type", .text, required: true),
        ]),
        "Models": .object([
            Member("object", .oneOf(["list"]), required: true),
            Member(
                "data",
                .array(
                    .object([
                        Member("id", .text, required: true), Member("object", .oneOf(["model"]), required: true),
                        Member("created", .count, required: true), Member("owned_by", .text, required: true),
                    ])), required: true),
        ]),
        "DocumentsRerankRequest": .open([
            Member("query", .query, required: true), Member("documents", documents, required: true),
            Member("model", .text), Member("top_n", .integer(least: 1, most: nil)), Member("return_documents", .bool),
        ]),
        "DocumentsRanking": .object([
            Member("id", .text, required: true), Member("object", .oneOf(["list"]), required: true),
            Member("model", .text, required: true),
            Member(
                "results",
                .array(
                    .object([
                        Member("index", .count, required: true), Member("relevance_score", .number, required: true),
                        Member("document", .object([Member("text", .text, required: true)])),
                    ])), required: true),
            Member("meta", .map(.anything), required: true), Member("usage", .map(.count), required: true),
        ]),
        "TextsRerankRequest": .open([
            Member("query", .query, required: true), Member("texts", .list(.text), required: true),
            Member("raw_scores", .bool), Member("return_text", .bool), Member("truncate", .bool),
        ]),
        "TextsRanking": .array(
            .object([
                Member("index", .count, required: true), Member("score", .number, required: true),
                Member("text", .text),
            ])),
    ]
}
