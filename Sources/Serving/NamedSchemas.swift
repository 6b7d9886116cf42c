import Engine
import Search

extension Schema {
    /// The schemas that calls name, as they stand in the contract.
    ///
    /// - Parameter limits: the bounds of numbers.
    public static func named(within limits: ServingLimits) -> [String: Schema] {
        let search = limits.search
        return requests(search).merging(answers) { $1 }.merging(parts) { $1 }
    }

    private static let retrievers = Registry.standard.retrievers.map { $0.id.name }
    private static let rerankers = Registry.standard.rerankers.map { $0.id.name }

    private static func weights(of names: [String]) -> Schema {
        .object(names.map { Member($0, .number) })
    }

    private static func options(_ limits: SearchLimits) -> [Member] {
        [
            Member("retrievers", .array(.oneOf(retrievers)), "Those that run; without it all that can."),
            Member("weights", weights(of: retrievers), "Of the fusion; 0 for those that are not named."),
            Member(
                "rerank", .integer(least: 0, most: limits.rerank), "How many of the best are reranked; 0 for none."),
            Member("options", .named("SearchOptions"), "For experts."),
        ]
    }

    private static func search(_ limits: SearchLimits) -> [Member] {
        [
            Member("hits", .integer(least: 1, most: limits.hits), "How many answers at most; 10 without it."),
            Member("where", .text, "What the fields of passages must be: year >= 2020 and lang in (de, fr)."),
            Member("facets", .array(.text), "Fields whose values are counted."),
            Member("explain", .oneOf(SearchRequest.Explain.allCases.map(\.rawValue))),
            Member(
                "fields", .array(.oneOf(SearchRequest.Field.allCases.map(\.rawValue))),
                "What of a candidate is filled in; without it all."),
            Member("offsets", offsets, "The unit of places in a text."),
            Member("maxTextLength", .count, "Longer texts are cut, in characters."),
        ] + options(limits)
    }

    private static let offsets = Schema.oneOf(SearchRequest.Offsets.allCases.map(\.rawValue))

    private static func requests(_ limits: SearchLimits) -> [String: Schema] {
        let query = Member("query", .query, required: true)
        let vector = Member(
            "vector", .array(.number),
            "The query's own vector, for an index whose vectors were imported; the query may be empty.")
        return [
            "SearchRequest": .object([query, vector] + search(limits)),
            "SearchOptions": .object(
                [
                    Member("depth", .integer(least: 1, most: limits.depth), "Passages that each retriever gives."),
                    Member("fusion", .oneOf(Fusion.Method.allCases.map(\.rawValue))),
                    Member("encode", .integer(least: 0, most: limits.rerank)),
                    Member("rerankWeights", weights(of: rerankers)),
                    Member("feedback", .named("FeedbackOptions"), "How the query is changed by passages."),
                ] + options(limits).filter { $0.name != "options" }
                    + (retrievers + rerankers).map { Member($0, .anything, "Its own options.") }),
            "FeedbackOptions": .object([
                Member(
                    "methods", .array(.oneOf(Registry.standard.feedback.map { $0.id.name })),
                    "Without it the index's own; none where it is empty."),
                Member("depth", .integer(least: 1, most: limits.rerank), "How many of the best are taken as relevant."),
                Member("terms", .integer(least: 1, most: limits.rerank), "How many terms are taken from them."),
                Member("weight", .number, "What the query as it was asked weighs, 0 to 1."),
                Member("filter", .bool, "Whether passages count by how relevant rerankers find them."),
                Member("relevant", .array(.text), "Ids of passages that a person finds relevant."),
                Member("irrelevant", .array(.text), "Ids of passages that a person finds irrelevant."),
            ]),
            "BatchRequest": .object(
                [
                    Member(
                        "queries",
                        .array(
                            .object([
                                Member("id", .text, required: true), Member("text", .text, required: true), vector,
                            ])),
                        required: true),
                    Member("threads", .integer(least: 1, most: nil)),
                ] + search(limits)),
            "ExplainRequest": .object(
                [query, Member("docid", .text, required: true), Member("offsets", offsets)] + options(limits)),
            "PassagesRequest": .object([Member("ids", .array(.text), required: true)]),
            "IdsRequest": .object([
                Member("from", .count, "Where the answer before said that it goes on; 0 without it."),
                Member("limit", .integer(least: 1, most: nil), "How many ids at most; 1000 without it."),
            ]),
            "NoRequest": .object([]),
            "EncodeRequest": .object([
                Member("texts", .array(.text), required: true),
                Member("kind", .oneOf(EncodedKind.allCases.map(\.rawValue))),
                Member("encoding", .oneOf(EncodeRequest.Encoding.allCases.map(\.rawValue))),
            ]),
            "RerankRequest": .object([
                query, Member("texts", .array(.text), required: true),
                Member(
                    "with", .text,
                    "METHOD or METHOD:MODEL, as \"genret rerank\" has them; the index's own models without it."),
            ]),
            "AddRequest": .object([
                Member("passages", .array(.map(.anything)), "Objects with id, title, text and fields.", required: true),
                Member("replace", .bool, "Whether passages take the places of those of their ids."),
            ]),
            "DeleteRequest": .object([
                Member("ids", .array(.text)), Member("where", .text),
                Member("lenient", .bool, "Whether ids that are of no passage are passed over."),
            ]),
            "CompactRequest": .object([Member("all", .bool)]),
        ]
    }

    private static let found: [Member] = [
        Member("generation", .text, "Which generation of the index answered.", required: true),
        Member("query", .object([Member("text", .text, required: true)]), required: true),
        Member("candidates", .array(.named("Candidate")), "The best first.", required: true),
        Member("facets", .array(.named("Facet"))),
        Member("feedback", .array(.named("Feedback")), "How passages changed the query."),
        Member("notes", .array(.text), "What did not run, and why.", required: true),
        Member("milliseconds", .number, required: true),
        Member("timings", .map(.number), required: true),
    ]

    private static let answers: [String: Schema] = [
        "SearchResponse": answer(found),
        "BatchResponse": answer([
            Member("generation", .text, required: true),
            Member("results", .array(.object(found + [Member("id", .text, required: true)])), required: true),
            Member("empty", .array(.text), "Queries without anything to search for.", required: true),
            Member("milliseconds", .number, required: true),
        ]),
        "ExplainResponse": answer([
            Member("generation", .text, required: true), Member("docid", .text, required: true),
            Member("title", .text, required: true), Member("text", .text, required: true),
            Member("offsets", offsets, required: true), Member("explanation", .named("Explanation"), required: true),
        ]),
        "PassagesResponse": answer([
            Member("passages", .array(.named("Passage")), required: true),
            Member("missing", .array(.text), required: true),
        ]),
        "IdsResponse": answer([
            Member("generation", .text, required: true), Member("ids", .array(.text), required: true),
            Member("next", .count, "What to ask from for those that follow; absent at the end."),
        ]),
        "IndexInfo": answer(info),
        "EncodeResponse": answer([
            Member("model", .text, required: true), Member("dimension", .count, required: true),
            Member("vectors", .array(.any([.array(.number), .text])), required: true),
            Member("tokens", .count, required: true),
        ]),
        "RerankResponse": answer([
            Member(
                "results",
                .array(
                    .object([
                        Member("index", .count, required: true), Member("relevance", .number, required: true),
                        Member("score", .number, required: true), Member("scores", .map(.number), required: true),
                    ])), required: true)
        ]),
        "ChangeResponse": answer([
            Member("generation", .text, required: true), Member("passages", .count, required: true),
            Member("added", .count, required: true), Member("replaced", .count, required: true),
            Member("deleted", .count, required: true), Member("compacted", .count, required: true),
            Member("seconds", .number, required: true),
        ]),
    ]

    /// What is told of an index.
    public static let info: [Member] = [
        Member("passages", .count, required: true), Member("tokens", .count, required: true),
        Member("generation", .text, required: true),
        Member("retrievers", .array(.text), required: true), Member("weights", .map(.number), required: true),
        Member("rerank", .count, required: true), Member("encoder", .text),
        Member("fields", .array(.text), required: true), Member("examples", .array(.text), required: true),
        Member("notes", .array(.text), required: true),
    ]

    private static let spans = Member(
        "spans",
        .object([Member("title", .array(.range), required: true), Member("text", .array(.range), required: true)]))

    private static let part: [Member] = [
        Member("rank", .integer(least: 1, most: nil)), Member("score", .number),
        Member("contribution", .number, required: true),
    ]

    private static let parts: [String: Schema] = [
        "Candidate": .object([
            Member("docid", .text, required: true), Member("rank", .integer(least: 1, most: nil), required: true),
            Member("score", .number, required: true), Member("title", .text), Member("text", .text),
            Member("fields", .anything), Member("snippet", .named("Snippet")), Member("matches", .array(.range)),
            Member("offsets", offsets), Member("retrievers", .map(.object(part))),
            Member(
                "rerank",
                .object([Member("scores", .map(.number)), Member("contribution", .number, required: true)])),
            Member("explanation", .named("Explanation")),
        ]),
        "Snippet": .object([
            Member("text", .text, required: true),
            Member(
                "runs", .array(.object([Member("text", .text, required: true), Member("isMatch", .bool)])),
                required: true),
        ]),
        "Facet": .object([
            Member("field", .text, required: true), Member("passages", .count, required: true),
            Member(
                "values",
                .array(.object([Member("value", .anything, required: true), Member("count", .count, required: true)])),
                required: true),
        ]),
        "Feedback": .object([
            Member("method", .text, required: true), Member("relevant", .array(.text), required: true),
            Member("irrelevant", .array(.text), required: true),
            Member(
                "terms",
                .array(
                    .object([Member("term", .text, required: true), Member("weight", .number, required: true)])),
                "All terms of the changed query."),
            Member("similarity", .number, "The cosine of the changed vector with the query's own."),
        ]),
        "Passage": .object([
            Member("docid", .text, required: true), Member("title", .text, required: true),
            Member("text", .text, required: true), Member("fields", .anything),
        ]),
        "Explanation": .object([
            Member(
                "score",
                .object([
                    Member("total", .number, required: true),
                    Member(
                        "parts",
                        .array(.object([Member("name", .text, required: true), Member("weight", .number)] + part)),
                        required: true),
                ]), required: true),
            Member("keys", .array(.named("Key")), "N-grams that were generated and stand in the passage."),
            Member("docid", .named("DocidPath")),
            Member(
                "terms",
                .array(
                    .object([
                        Member("term", .text, required: true), Member("idf", .number, required: true),
                        Member("weight", .number),
                        Member("contribution", .number, required: true), spans,
                    ]))),
            Member("vector", .text, "Whether the passage's vector is the encoder's own."),
        ]),
        "Key": .object([
            Member("text", .text, required: true), Member("kind", .text, required: true), Member("adds", .text),
            Member("count", .count, required: true), Member("logProb", .number, required: true),
            Member("weight", .number, required: true), Member("coverage", .number, required: true),
            Member("occurrences", .count, required: true), spans,
        ]),
        "DocidPath": .object([
            Member("scheme", .text, required: true), Member("text", .text),
            Member("levels", .array(.named("DocidLevel")), required: true),
        ]),
        "DocidLevel": .object([
            Member("token", .integer(least: nil, most: nil), required: true),
            Member("logProb", .number, required: true), Member("below", .count), Member("title", .text),
            Member("others", .array(.named("DocidLevel")), "The likeliest of those that were not taken."),
        ]),
    ]
}
