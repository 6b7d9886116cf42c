import Engine
import Foundation
import HTTPTypes
import HummingbirdCore
import Memory
import Search
import Serving

/// Searching and reading by GET, as Anserini's and Pyserini's REST API has it: their clients can ask here.
enum SearchRoutes {
    static let search = Route(
        .get, "/v1/{index}/search", .search,
        RouteDescription(
            SearchCall.summary,
            parameters: [
                .init(name: "query", summary: "The query.", schema: .text, isRequired: true),
                .init(
                    name: "hits", summary: "How many answers; 10 without it.", schema: .integer(least: 1, most: 1000)),
                .init(name: "where", summary: "What the fields of passages must be.", schema: .text),
                .init(name: "retrievers", summary: "Those that run, with commas.", schema: .text),
                .init(name: "k1", summary: "Of BM25, with b.", schema: .number),
                .init(name: "b", summary: "Of BM25, with k1.", schema: .number),
                .init(name: "parse", summary: "Whether doc is an object, else its text.", schema: .bool),
                .init(name: "max_doc_length", summary: "Longer texts are cut, in characters.", schema: .count),
            ], response: .named("FoundDocuments"), failures: [404, 422])
    ) { exchange, state in
        let index = try exchange.index(state)
        let request = try request(exchange.query)
        let parses = try flag("parse", exchange.query) ?? true
        try SearchCall.check(request, state.configuration.limits)
        let cancellation = exchange.cancellation(state)
        let answer = try await state.pool.run {
            try cancellation.throwIfRaised()
            let found = try index.engine.search(request, cancellation: cancellation)
            return try JSONTree(encoding: IndexAnswer(index: index.name, found)).withDocuments(parses: parses)
        }
        return try .json(answer)
    }

    static let document = Route(
        .get, "/v1/{index}/doc/{+docid}", .search,
        RouteDescription(
            "Gives a passage by its id, which may hold slashes.",
            parameters: [.init(name: "parse", summary: "Whether doc is an object, else its text.", schema: .bool)],
            response: .named("Document"), failures: [404])
    ) { exchange, state in
        let index = try exchange.index(state)
        let id = exchange.parameters["docid"] ?? ""
        let parses = try flag("parse", exchange.query) ?? true
        let passage = try await state.pool.run { try index.engine.passagesWithFields(ids: [id])[0] }
        guard let passage else { throw Problem(.unknownDocid, "no passage has the id \"\(id.prefix(200))\"") }
        var doc: [String: JSONTree] = ["title": .string(passage.text.title), "text": .string(passage.text.text)]
        if case .object(let fields)? = passage.fields { doc.merge(fields) { own, _ in own } }
        return try .json(
            JSONTree.object([
                "api": .string("v1"), "index": .string(index.name), "docid": .string(id),
                "doc": parses ? .object(doc) : .string(passage.text.text),
            ]))
    }

    private static let known: Set = [
        "query", "hits", "where", "retrievers", "k1", "b", "parse", "max_doc_length", "index",
    ]

    /// The request that a query string is.
    private static func request(_ query: [String: String]) throws -> SearchRequest {
        for name in query.keys.sorted() where !known.contains(name) {
            throw Problem(.invalidOption, "there is no parameter \"\(name.prefix(100))\"", member: name)
        }
        guard let text = query["query"] else { throw Problem(.invalidOption, "query must be given", member: "query") }
        var request = SearchRequest(text)
        request.hits = try number("hits", query, Int.init) ?? request.hits
        request.maxTextLength = try number("max_doc_length", query, Int.init)
        if let filter = query["where"] {
            request.filter = try JSONTree.object(["query": .string(""), "where": .string(filter)])
                .decoded(as: SearchRequest.self).filter
        }
        request.options.retrievers = query["retrievers"]?.split(separator: ",").map { ComponentID(String($0)) }
        let (k1, b) = (try number("k1", query, Float.init), try number("b", query, Float.init))
        if let k1, let b {
            request.options[BM25Retriever.self].k1 = k1
            request.options[BM25Retriever.self].b = b
        } else if k1 != nil || b != nil {
            throw Problem(.invalidOption, "k1 and b are given together", member: k1 == nil ? "k1" : "b")
        }
        return request
    }

    private static func number<Value>(
        _ name: String, _ query: [String: String], _ read: (String) -> Value?
    ) throws -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = read(text) else { throw Problem(.invalidOption, "\(name) must be a number", member: name) }
        return value
    }

    private static func flag(_ name: String, _ query: [String: String]) throws -> Bool? {
        try number(name, query) { ["true": true, "1": true, "false": false, "0": false][$0.lowercased()] }
    }
}

extension JSONTree {
    /// A search's answer with "doc" in each candidate.
    fileprivate func withDocuments(parses: Bool) -> JSONTree {
        guard case .array(let candidates)? = self["candidates"] else { return self }
        var answer = self
        answer["candidates"] = .array(
            candidates.map { candidate in
                var candidate = candidate
                let text = candidate["text"] ?? .null
                var doc: [String: JSONTree] = ["title": candidate["title"] ?? .string(""), "text": text]
                if case .object(let fields)? = candidate["fields"] { doc.merge(fields) { own, _ in own } }
                candidate["doc"] = parses ? .object(doc) : text
                return candidate
            })
        return answer
    }
}
