import Engine
import Fields
import Foundation
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing

/// Requests and answers in JSON.
@Suite struct RequestTests {
    private func request(_ text: String) throws -> SearchRequest {
        try JSONDecoder().decode(SearchRequest.self, from: Data(text.utf8))
    }

    private func options(_ text: String) throws -> SearchOptions {
        try JSONDecoder().decode(SearchOptions.self, from: Data(text.utf8))
    }

    private func fault(_ text: String) -> OptionFault? {
        do {
            _ = try request(text)
            return nil
        } catch {
            return error as? OptionFault ?? OptionFault("another error", "\(error)")
        }
    }

    @Test("What is not named has its default") func defaults() throws {
        #expect(try request("{\"query\":\"bread\"}") == SearchRequest("bread"))
        #expect(try request("{\"query\":\"bread\",\"hits\":null,\"options\":{}}") == SearchRequest("bread"))
        #expect(try options("{}") == SearchOptions())
        let request = try request(
            "{\"query\":\"bread\",\"hits\":3,\"explain\":\"keys\",\"offsets\":\"utf16\",\"fields\":[\"title\"],\"maxTextLength\":9}"
        )
        #expect(request.hits == 3 && request.explain == .keys && request.offsets == .utf16)
        #expect(request.fields == [.title] && request.maxTextLength == 9 && request.options == SearchOptions())
    }

    @Test("Filters and counts") func filters() throws {
        let request = try request("{\"query\":\"b\",\"where\":\"year >= 2020\",\"facets\":[\"lang\"]}")
        #expect(request.filter == (try FieldFilter("year >= 2020")) && request.facets == ["lang"])
        let again = try JSONDecoder().decode(SearchRequest.self, from: JSONEncoder().encode(request))
        #expect(again == request)
        #expect(fault("{\"query\":\"b\",\"where\":\"year >=\"}")?.expected.contains("column 8") == true)
        #expect(fault("{\"query\":\"b\",\"where\":7}")?.member == "where")
    }

    @Test("Retrievers, weights and reranking stand in front, or among the options") func general() throws {
        let front = try request("{\"query\":\"b\",\"retrievers\":[\"bm25\"],\"weights\":{\"bm25\":2},\"rerank\":5}")
        let inside = try request(
            "{\"query\":\"b\",\"options\":{\"retrievers\":[\"bm25\"],\"weights\":{\"bm25\":2},\"rerank\":5}}")
        #expect(front == inside)
        #expect(
            front.options.retrievers == ["bm25"] && front.options.weights == ["bm25": 2] && front.options.rerank == 5)
        let all = try options("{\"depth\":7,\"fusion\":\"rrf\",\"rerankWeights\":{\"likelihood\":0.5}}")
        #expect(all.depth == 7 && all.fusion == .rrf && all.rerankWeights == ["likelihood": 0.5])
    }

    @Test("Options of components: the search's of n-grams stand beside the others") func components() throws {
        let ngram = try options("{\"ngram\":{\"beams\":20,\"evidence\":{\"beta\":0.5}}}")[NgramRetriever.self]
        var expected = NgramRetriever.Options()
        expected.search.beams = 20
        expected.search.evidence.beta = 0.5
        #expect(ngram == expected)
        let more = try options(
            "{\"ngram\":{\"generator\":\"untrained\",\"tuning\":{\"draws\":60},\"maximumCount\":12,\"weighting\":{\"exponent\":2}}}"
        )[NgramRetriever.self]
        #expect(more.generator == .untrained && more.tuning.draws == 60 && more.search.maximumCount == 12)
        #expect(more.search.weighting.exponent == 2 && more.search.beams == NgramOptions().beams)
        let others = try options(
            "{\"bm25\":{\"k1\":1.2},\"docid\":{\"docids\":\"rq\",\"lookAhead\":0.25},\"dense\":{}}")
        #expect(others[BM25Retriever.self].k1 == 1.2 && others[BM25Retriever.self].b == 0.4)
        #expect(others[DocidRetriever.self].docids == .rq && others[DocidRetriever.self].lookAhead == 0.25)
        #expect(others[DocidRetriever.self].beams == 100)
    }

    @Test("Options are set one by one, over those that there are") func set() throws {
        var options = SearchOptions()
        try options.set("ngram", to: .object(["beams": .integer(20)]))
        try options.set("ngram", to: .object(["evidence": .object(["beta": .number(0.5)])]))
        try options.set("ngram", to: .object(["tuning": .object(["beta": .number(0.25)])]))
        try options.set("ngram", to: .object(["generator": .string("untrained")]))
        #expect(
            options[NgramRetriever.self].search.beams == 20 && options[NgramRetriever.self].search.evidence.beta == 0.5)
        #expect(
            options[NgramRetriever.self].tuning.beta == 0.25 && options[NgramRetriever.self].generator == .untrained)
        // What was set can be taken back.
        try options.set("ngram", to: .object(["generator": .null]))
        #expect(options[NgramRetriever.self].generator == nil)
        #expect(options[NgramRetriever.self].search.beams == 20)
    }

    @Test(
        "A member that does not exist is an error that names it",
        arguments: [
            ("{\"query\":\"b\",\"hit\":3}", "hit"), ("{\"query\":\"b\",\"options\":{\"depht\":3}}", "options.depht"),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"beam\":3}}}", "options.ngram.beam"),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"evidence\":{\"gamma\":3}}}}", "options.ngram.evidence.gamma"),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"search\":{\"beams\":3}}}}", "options.ngram.search"),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"tuning\":{\"draw\":3}}}}", "options.ngram.tuning.draw"),
            ("{\"query\":\"b\",\"options\":{\"dense\":{\"k\":1}}}", "options.dense.k"),
            ("{\"query\":\"b\",\"options\":{\"bm52\":{}}}", "options.bm52"),
        ])
    func unknown(text: String, member: String) {
        #expect(fault(text)?.member == member)
    }

    @Test(
        "A value of another type is an error that names it",
        arguments: [
            ("{}", "query"), ("{\"query\":7}", "query"), ("{\"query\":null}", "query"), ("[]", "request"),
            ("\"bread\"", "request"),
            ("{\"query\":\"b\",\"hits\":\"3\"}", "hits"), ("{\"query\":\"b\",\"hits\":1.5}", "hits"),
            ("{\"query\":\"b\",\"explain\":\"all\"}", "explain"),
            ("{\"query\":\"b\",\"fields\":[\"titles\"]}", "fields"),
            ("{\"query\":\"b\",\"weights\":[1]}", "weights"), ("{\"query\":\"b\",\"options\":7}", "options.options"),
            ("{\"query\":\"b\",\"options\":{\"fusion\":\"sum\"}}", "options.fusion"),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"beams\":\"many\"}}}", "options.ngram.beams"),
            (
                "{\"query\":\"b\",\"options\":{\"ngram\":{\"evidence\":{\"beta\":\"much\"}}}}",
                "options.ngram.evidence.beta"
            ),
            ("{\"query\":\"b\",\"options\":{\"ngram\":{\"generator\":\"best\"}}}", "options.ngram.generator"),
            ("{\"query\":\"b\",\"options\":{\"docid\":{\"docids\":\"bush\"}}}", "options.docid.docids"),
            ("{\"query\":\"b\",\"options\":{\"bm25\":{\"k1\":true}}}", "options.bm25.k1"),
        ])
    func otherTypes(text: String, member: String) {
        #expect(fault(text)?.member == member)
    }

    @Test("Requests come back as they were") func requests() throws {
        var request = SearchRequest("how do I feed a \"starter\"?", hits: 7)
        request.explain = .full
        request.fields = [.title, .snippet]
        request.offsets = .codepoints
        request.maxTextLength = 100
        request.options.retrievers = ["ngram", "bm25"]
        request.options.weights = ["ngram": 0.25, "bm25": 0.75]
        request.options.fusion = .rrf
        request.options.depth = 12
        (request.options.rerank, request.options.rerankWeights) = (3, ["likelihood": 0.1])
        request.options[NgramRetriever.self].search.beams = 4
        request.options[NgramRetriever.self].tuning = .usual
        request.options[NgramRetriever.self].generator = .trained
        request.options[DocidRetriever.self].lookAhead = 0.5
        request.options[BM25Retriever.self].k1 = 1.5
        for request in [request, SearchRequest("bread")] {
            let bytes = try JSONTree.bytes(of: request)
            #expect(try JSONDecoder().decode(SearchRequest.self, from: bytes) == request)
            // Equal requests have equal bytes.
            #expect(try JSONTree.bytes(of: JSONDecoder().decode(SearchRequest.self, from: bytes)) == bytes)
        }
    }

    @Test("Answers and explanations come back as they were") func responses() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try TinySample.setGenerator(in: place)
        let engine = try TinySample.open(place)
        var options = SearchOptions()
        options.rerank = 3
        options[NgramRetriever.self].search.beams = 4
        let response = try engine.explained("how do I feed a sourdough starter", options)
        let bytes = try JSONTree.bytes(of: response)
        let again = try JSONDecoder().decode(SearchResponse.self, from: bytes)
        #expect(again.candidates.map(\.docid) == response.candidates.map(\.docid))
        let isEqual = again == response
        #expect(isEqual)
        for candidate in response.candidates {
            let explanation = try #require(candidate.explanation)
            let bytes = try JSONTree.bytes(of: explanation)
            let isEqual = try JSONDecoder().decode(Explanation.self, from: bytes) == explanation
            #expect(isEqual)
        }
        // Members that Anserini's clients read.
        let tree = try JSONTree(encoding: response)
        guard case .array(let candidates)? = tree["candidates"], let first = candidates.first else {
            Issue.record("no candidates")
            return
        }
        #expect(tree["query"]?["text"] == .string("how do I feed a sourdough starter"))
        #expect(first["docid"] != nil && first["rank"] == .integer(1) && first["score"] != nil)
        #expect(first["explanation"]?["score"]?["total"] != nil && first["explanation"]?["keys"] != nil)
        // The same generation and request give the same candidates.
        let once = try engine.explained("how do I feed a sourdough starter", options)
        let areEqual = once.candidates == response.candidates && once.generation == response.generation
        #expect(areEqual)
    }
}
