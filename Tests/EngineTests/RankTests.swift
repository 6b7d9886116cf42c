import Corpora
import Engine
import Evaluation
import Foundation
import IndexStore
import Memory
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing

/// Searches of an index without an encoder.
@Suite struct RankTests {
    static let choices: [[ComponentID]] = [["ngram"], ["bm25"], ["ngram", "bm25"]]

    @Test("Without an encoder two retrievers run") func available() throws {
        let engine = try Sample.lexical.get().engine
        #expect(engine.count == 210 && engine.manifest.passages == 210)
        let result = try engine.rank("sourdough starter")
        // An index that never had vectors said so when it was built.
        #expect(result.retrievers == ["ngram", "bm25"] && result.notes.isEmpty)
        #expect(try engine.warm().isEmpty)
        #expect { try engine.rank("bread", options: SearchOptions("dense")) } throws: { error in
            if case EngineError.unavailable(["dense"], because: .noEncoder) = error { true } else { false }
        }
        // What could run does not run instead of what was asked for.
        #expect { try engine.rank("bread", options: SearchOptions("bm25", "docid", "dense")) } throws: { error in
            if case EngineError.unavailable(["docid", "dense"], because: .noEncoder) = error { true } else { false }
        }
        #expect(throws: EngineError.noRetriever) { try engine.rank("bread", options: SearchOptions([])) }
        #expect { try engine.rank("bread", options: SearchOptions("bm26")) } throws: { error in
            if case EngineError.unknownComponent("bm26", let known) = error { known.contains("bm25") } else { false }
        }
    }

    @Test("Every question: valid keys, ordered hits", arguments: choices)
    func questions(retrievers: [ComponentID]) throws {
        let engine = try Sample.lexical.get().engine
        var keys = 0
        for query in try Sample.queries() {
            let result = try engine.rank(query.text, hits: 50, options: SearchOptions(retrievers))
            keys += result.count("keys")
            #expect(result.count("invalidKeys") == 0 && result.count("invalidDocids") == 0)
            try check(result, engine, hits: 50)
        }
        #expect(keys > 1000 || !retrievers.contains("ngram"))
    }

    private func check(_ result: RankedResult, _ engine: Engine, hits count: Int) throws {
        let hits = result.hits
        #expect(!hits.isEmpty && hits.count <= count)
        #expect(hits.map(\.rank) == Array(1...hits.count))
        #expect(Set(hits.map(\.id)).count == hits.count)
        for hit in hits {
            #expect(try engine.passage(hit.candidate.passage).id == hit.id)
            #expect(hit.score.isFinite)
        }
        for (a, b) in zip(hits, hits.dropFirst()) {
            #expect(a.score > b.score || (a.score == b.score && a.id > b.id))
        }
    }

    @Test("A shorter list is the head of a longer one", arguments: choices) func cut(retrievers: [ComponentID]) throws {
        let engine = try Sample.lexical.get().engine
        for query in try Sample.queries().prefix(30) {
            let options = SearchOptions(retrievers)
            let long = try engine.rank(query.text, hits: 60, options: options).hits
            for count in [1, 3, 10] {
                let short = try engine.rank(query.text, hits: count, options: options).hits
                #expect(short.map(\.id) == long.prefix(count).map(\.id))
                #expect(short.map(\.score) == long.prefix(count).map(\.score))
            }
        }
    }

    @Test(
        "Both retrievers answer the questions well",
        arguments: [("bm25", 0.72), ("ngram", 0.66)] as [(ComponentID, Double)])
    func quality(retriever: ComponentID, floor: Double) throws {
        let value = try Sample.lexical.get().engine.measure(.ndcgCut(10), SearchOptions(retriever))
        #expect(value > floor)
        #expect(value < 1)
    }

    @Test("The fusion is no worse than the worse of the two") func fusion() throws {
        let engine = try Sample.lexical.get().engine
        let alone = try (["ngram", "bm25"] as [ComponentID]).map { try engine.measure(.ndcgCut(10), SearchOptions($0)) }
        for method in Fusion.Method.allCases {
            var both = SearchOptions("ngram", "bm25")
            both.fusion = method
            #expect(try engine.measure(.ndcgCut(10), both) > (alone.min() ?? 1))
        }
        // All weight on one retriever is that retriever's order.
        var one = SearchOptions("ngram", "bm25")
        one.weights = ["bm25": 1]
        for query in try Sample.queries().prefix(20) {
            let fused = try engine.rank(query.text, options: one).hits.filter { $0.score > 0 }.map(\.id)
            let own = try engine.rank(query.text, options: SearchOptions("bm25")).hits.map(\.id)
            #expect(Set(fused.prefix(3)) == Set(own.prefix(3)))
        }
    }

    @Test("A query without a word is an error", arguments: ["", " ", "\n\t", "?"]) func emptyQuery(text: String) throws
    {
        let engine = try Sample.lexical.get().engine
        #expect(throws: EngineError.emptyQuery) { try engine.search(text) }
        #expect(throws: EngineError.emptyQuery) { try engine.rank(text) }
    }

    static let oddQueries = [
        "🍕🍕", "?", "[SEP] [CLS] [PAD]", "\u{0}", "東京都", String(repeating: "bread ", count: 5000),
        String(repeating: "x", count: 20_000), "the of and", "e\u{301}\u{302}\u{303}", "'; DROP TABLE --",
    ]

    @Test("Odd queries are answered", arguments: oddQueries.indices) func odd(place: Int) throws {
        let engine = try Sample.lexical.get().engine
        do {
            let text = Self.oddQueries[place]
            let result = try engine.rank(text)
            #expect(try engine.explained(text).candidates.map(\.docid) == result.hits.map(\.id))
            #expect(result.hits.count <= 10 && result.count("invalidKeys") == 0)
        } catch EngineError.emptyQuery {
            // Nothing of the text is a token.
        }
    }

    @Test("The same answers from many threads") func threads() throws {
        let built = try Sample.lexical.get()
        let folder = try TemporaryFolder()
        try built.write(to: folder.path("index"))
        // One that has loaded nothing yet.
        let engine = try Engine.open(folder.path("index"))
        let queries = try Sample.queries().prefix(24).map(\.text)
        let found = Parallel.map(count: queries.count, threads: 6) { place in
            Result { try engine.rank(queries[place]).hits.map(\.id) }
        }
        for (text, ids) in zip(queries, found) { #expect(try ids.get() == built.engine.rank(text).hits.map(\.id)) }
    }

    @Test("A search that nobody wants any more ends") func cancellation() throws {
        let engine = try Sample.lexical.get().engine
        let raised = Cancellation { true }
        #expect(throws: EngineError.cancelled) { try engine.rank("bread", cancellation: raised) }
        #expect(throws: EngineError.cancelled) { try engine.search(SearchRequest("bread"), cancellation: raised) }
        // One that is raised on the way, wherever that is.
        var cancelled = 0
        for limit in 0..<200 {
            let asked = Counter()
            do {
                _ = try engine.rank(
                    "how do I feed a sourdough starter", cancellation: Cancellation { asked.next() > limit })
                break
            } catch {
                #expect(error == .cancelled)
                cancelled += 1
            }
        }
        #expect((2..<200).contains(cancelled))
        #expect(try !engine.rank("bread").hits.isEmpty)
    }

    @Test("Options that cannot be are errors that name them") func faults() throws {
        let engine = try Sample.lexical.get().engine
        func fault(_ edit: (inout SearchRequest) -> Void) -> String? {
            var request = SearchRequest("bread")
            edit(&request)
            do {
                _ = try engine.search(request)
                return nil
            } catch {
                if case .option(let fault) = error { return fault.member }
                return "\(error)"
            }
        }
        #expect(fault { $0.hits = 0 } == "hits")
        #expect(fault { $0.maxTextLength = -1 } == "maxTextLength")
        #expect(fault { $0.options.depth = 0 } == "depth")
        #expect(fault { $0.options.rerank = -1 } == "rerank")
        #expect(fault { $0.options.weights = ["bm25": -.infinity] } == "weights.bm25")
        #expect(fault { $0.options[NgramRetriever.self].search.beams = 0 } == "ngram.beams")
        #expect(fault { $0.options[NgramRetriever.self].tuning.beta = 2 } == "ngram.tuning.beta")
        #expect(fault { $0.options[BM25Retriever.self].b = 1.5 } == "bm25.b")
        #expect(fault { $0.options[DocidRetriever.self].beams = -3 } == "docid.beams")
        #expect(fault { _ in } == nil)
        // A stranger may ask for less than a person at a terminal.
        var request = SearchRequest("bread", hits: 5000)
        #expect(request.fault() == nil && request.fault(.network)?.member == "hits")
        request.hits = 10
        request.options[NgramRetriever.self].search.beams = 2000
        #expect(request.fault() == nil && request.fault(.network)?.member == "ngram.beams")
    }
}
