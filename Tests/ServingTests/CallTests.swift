import Corpora
import Engine
import Foundation
import SampleIndexes
import Search
import Serving
import Testing

/// What indexes are asked, as JSON.
@Suite("Calls") struct CallTests {
    private let index: ServedIndex
    private let desk = CallDesk(limits: .network, cache: AnswerCache(capacity: 1 << 20))

    init() throws { index = ServedIndex(name: "sample", engine: try Sample.lexical.get().engine) }

    private func ask(_ call: any IndexCall.Type, _ body: String) throws -> JSONTree {
        let answer = try desk.answer(call, Array(body.utf8), of: index)
        return try JSONDecoder().decode(JSONTree.self, from: Data(answer.bytes))
    }

    private func problem(_ call: any IndexCall.Type, _ body: String) -> Problem? {
        do throws(Problem) {
            _ = try desk.answer(call, Array(body.utf8), of: index)
            return nil
        } catch {
            return error
        }
    }

    @Test("A search gives what the engine gives") func search() throws {
        let own = try index.engine.search(SearchRequest("sourdough starter", hits: 3))
        let answer = try ask(SearchCall.self, #"{"query":"sourdough starter","hits":3}"#)
        let response = try answer.decoded(as: SearchResponse.self)
        #expect(response.candidates == own.candidates && response.generation == own.generation)
        #expect(answer["api"] == .string("v1") && answer["index"] == .string("sample"))
    }

    @Test("A batch gives each query what a search gives it, whatever the threads", arguments: [1, 3])
    func batch(threads: Int) throws {
        let queries = try Sample.queries().prefix(8)
        let list = queries.map { JSONTree.object(["id": .string("\($0.id)"), "text": .string($0.text)]) }
        let body = JSONTree.object([
            "queries": .array(list + [.object(["id": .string("none"), "text": .string("?")])]), "hits": .integer(4),
            "threads": .integer(Int64(threads)),
        ])
        let answer = try ask(BatchCall.self, String(decoding: JSONTree.bytes(of: body), as: UTF8.self))
        #expect(answer["empty"] == .array([.string("none")]))
        guard case .array(let results)? = answer["results"] else { return #expect(Bool(false)) }
        #expect(results.count == queries.count)
        for (query, result) in zip(queries, results) {
            let own = try index.engine.search(SearchRequest(query.text, hits: 4))
            #expect(result["id"] == .string("\(query.id)"))
            #expect(try result["candidates"] == JSONTree(encoding: own.candidates))
        }
    }

    @Test("Explanations hold the spans of keys and terms, in the unit that was asked for") func spans() throws {
        for unit in SearchRequest.Offsets.allCases {
            let body = #"{"query":"sourdough starter","docid":"sourdough-starter","offsets":"\#(unit.rawValue)"}"#
            let answer = try ask(ExplainCall.self, body)
            guard case .string(let text)? = answer["text"], case .string(let title)? = answer["title"],
                case .array(let terms)? = answer["explanation"]?["terms"]
            else { return #expect(Bool(false)) }
            #expect(terms.count == 2)
            for term in terms {
                let name = try #require(term["term"]).decoded(as: String.self)
                for (field, own) in [("text", text), ("title", title)] {
                    for span in try #require(term["spans"]?[field]).decoded(as: [[Int]].self) {
                        #expect(unit.part(of: own, span).lowercased().hasPrefix(name.prefix(4)))
                    }
                }
            }
        }
    }

    @Test("Passages, and ids of none") func passages() throws {
        let answer = try ask(PassagesCall.self, #"{"ids":["nothing","sourdough-starter"]}"#)
        #expect(answer["missing"] == .array([.string("nothing")]))
        guard case .array(let found)? = answer["passages"] else { return #expect(Bool(false)) }
        #expect(found.map { $0["docid"] } == [.string("sourdough-starter")])
    }

    @Test("What is asked for in vain is told by its member") func faults() {
        let cases: [(any IndexCall.Type, String, Problem.Code, String?)] = [
            (SearchCall.self, "{", .invalidJSON, nil),
            (SearchCall.self, "[]", .invalidOption, "request"),
            (SearchCall.self, "", .invalidOption, "query"),
            (SearchCall.self, #"{"query":"a","hits":1001}"#, .invalidOption, "hits"),
            (SearchCall.self, #"{"query":"a","hit":1}"#, .invalidOption, "hit"),
            (SearchCall.self, #"{"query":"?"}"#, .emptyQuery, "query"),
            (SearchCall.self, #"{"query":"a","retrievers":["dense"]}"#, .retrieverUnavailable, nil),
            (ExplainCall.self, #"{"query":"a"}"#, .invalidOption, "docid"),
            (ExplainCall.self, #"{"query":"a","docid":"nothing"}"#, .unknownDocid, nil),
            (ExplainCall.self, #"{"query":"a","docid":"b","hits":3}"#, .invalidOption, "hits"),
            (BatchCall.self, #"{"queries":[{"id":"1","text":"a"},{"id":"1","text":"b"}]}"#, .invalidOption, "queries"),
            (BatchCall.self, #"{"queries":[{"id":"1"}]}"#, .invalidOption, "queries"),
            (BatchCall.self, #"{"queries":[],"vector":[1]}"#, .invalidOption, "vector"),
            (BatchCall.self, #"{"queries":[{"id":"1","text":"a","vector":[1]}]}"#, .invalidOption, "vector"),
            (SearchCall.self, #"{"query":"a","vector":"1"}"#, .invalidOption, "vector"),
            (SearchCall.self, #"{"query":"a","vector":[1,2]}"#, .invalidOption, "vector"),
            (PassagesCall.self, #"{"id":"a"}"#, .invalidOption, "id"),
            (EncodeCall.self, #"{"texts":["a"]}"#, .cannotRerank, nil),
            (RerankCall.self, #"{"query":"a","texts":["b"]}"#, .cannotRerank, nil),
            // On a network only what the server was started with, which is nothing.
            (RerankCall.self, #"{"query":"a","texts":["b"],"with":"likelihood"}"#, .invalidOption, "with"),
            (RerankCall.self, #"{"query":"a","texts":["b"],"with":1}"#, .invalidOption, "with"),
            (SearchCall.self, #"{"query":"a","options":{"rerankWith":"likelihood"}}"#, .invalidOption, "rerankWith"),
            (DeleteCall.self, "{}", .invalidOption, "ids"),
            (InfoCall.self, #"{"a":1}"#, .invalidOption, "a"),
        ]
        for (call, body, code, member) in cases {
            let found = problem(call, body)
            #expect(found?.code == code && found?.member == member, "\(call.name) \(body): \(found?.detail ?? "none")")
        }
    }

    @Test("Language models rerank in the ways that the server was started with") func methods() {
        var limits = ServingLimits.network
        limits.search.rerankMethods = ["likelihood:tiny", "first,children=2"]
        #expect(throws: Never.self) {
            try RerankCall.check(RerankRequest(query: "a", texts: [], with: "likelihood:tiny"), limits)
        }
        for method in ["likelihood", "first,children=2", "likelihood:tiny,depth=3"] {
            #expect(throws: OptionFault.self, "\(method)") {
                try RerankCall.check(RerankRequest(query: "a", texts: [], with: method), limits)
            }
        }
        #expect(throws: Never.self) {
            try RerankCall.check(RerankRequest(query: "a", texts: [], with: "setwise:any,children=9"), .local)
        }
    }

    @Test("The same request is answered from memory, as long as nothing changes") func cache() throws {
        let body = Array(#"{"query":"sourdough"}"#.utf8)
        #expect(desk.known(SearchCall.self, body, of: index) == nil)
        let first = try desk.answer(SearchCall.self, body, of: index)
        let again = try #require(desk.known(SearchCall.self, body, of: index))
        #expect(again.bytes == first.bytes && again.isFromCache && again.key == first.key)
        #expect(desk.known(ExplainCall.self, body, of: index) == nil)
    }
}

extension SearchRequest.Offsets {
    /// A part of a text by its start and end.
    fileprivate func part(of text: String, _ span: [Int]) -> String {
        switch self {
        case .utf8: String(decoding: Array(text.utf8)[span[0]..<span[1]], as: UTF8.self)
        case .utf16: String(decoding: Array(text.utf16)[span[0]..<span[1]], as: UTF16.self)
        case .codepoints: String(String.UnicodeScalarView(Array(text.unicodeScalars)[span[0]..<span[1]]))
        }
    }
}
