import Corpora
import Engine
import Evaluation
import Foundation
import Ranking
import Testing

@Suite struct SearchTests {
    static let choices: [Set<RetrieverKind>] = [[.ngram], [.bm25], [.ngram, .bm25]]

    private func options(_ retrievers: Set<RetrieverKind>, k: Int = 10) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = retrievers
        options.k = k
        return options
    }

    @Test("Without an encoder two retrievers run") func available() throws {
        let engine = try Sample.lexical.get().engine
        #expect(engine.availableRetrievers == [.ngram, .bm25])
        #expect(engine.encoderProblem != nil)
        #expect(engine.count == 210 && engine.manifest.passages == 210)
        let diagnostics = try engine.search("sourdough starter").diagnostics
        #expect(diagnostics.retrievers == [.ngram, .bm25])
        #expect(throws: EngineError.self) { try engine.search("bread", options([.dense])) }
        #expect(throws: EngineError.self) { try engine.search("bread", options([])) }
    }

    @Test("Every question: valid keys, ordered hits", arguments: choices) func questions(
        retrievers: Set<RetrieverKind>
    ) throws {
        let engine = try Sample.lexical.get().engine
        var keys = 0
        for query in try Sample.queries() {
            let result = try engine.search(query.text, options(retrievers, k: 50))
            keys += result.diagnostics.keys
            #expect(result.diagnostics.invalidKeys == 0 && result.diagnostics.invalidDocids == 0)
            check(result, engine, k: 50)
        }
        #expect(keys > 1000 || !retrievers.contains(.ngram))
    }

    private func check(_ result: SearchResult, _ engine: Engine, k: Int) {
        #expect(!result.hits.isEmpty && result.hits.count <= k)
        #expect(result.hits.map(\.rank) == Array(1...result.hits.count))
        #expect(Set(result.hits.map(\.id)).count == result.hits.count)
        for hit in result.hits {
            #expect((try? engine.passage(hit.document).id) == hit.id)
            #expect(hit.score.isFinite)
        }
        for (a, b) in zip(result.hits, result.hits.dropFirst()) {
            #expect(a.score > b.score || (a.score == b.score && a.id > b.id))
        }
    }

    @Test("A shorter list is the head of a longer one", arguments: choices) func cut(
        retrievers: Set<RetrieverKind>
    ) throws {
        let engine = try Sample.lexical.get().engine
        for query in try Sample.queries().prefix(30) {
            let long = try engine.search(query.text, options(retrievers, k: 60)).hits
            for k in [1, 3, 10] {
                let short = try engine.search(query.text, options(retrievers, k: k)).hits
                #expect(short.map(\.id) == long.prefix(k).map(\.id))
                #expect(short.map(\.score) == long.prefix(k).map(\.score))
            }
        }
    }

    @Test("Both retrievers answer the questions well", arguments: [
        (.bm25, 0.72), (.ngram, 0.66),
    ] as [(RetrieverKind, Double)])
    func quality(retriever: RetrieverKind, floor: Double) throws {
        let engine = try Sample.lexical.get().engine
        let value = try engine.measure(.ndcgCut(10), options([retriever]))
        #expect(value > floor)
        #expect(value < 1)
    }

    @Test("Merging is no worse than the worse of the two") func fusion() throws {
        let engine = try Sample.lexical.get().engine
        let alone = try [RetrieverKind.ngram, .bm25].map { try engine.measure(.ndcgCut(10), options([$0])) }
        for method in Fusion.Method.allCases {
            var both = options([.ngram, .bm25])
            both.fusionMethod = method
            #expect(try engine.measure(.ndcgCut(10), both) > (alone.min() ?? 1))
        }
        // All weight on one retriever is that retriever's order.
        var one = options([.ngram, .bm25])
        one.fusionWeights = [.bm25: 1]
        for query in try Sample.queries().prefix(20) {
            let merged = try engine.search(query.text, one).hits.filter { $0.score > 0 }.map(\.id)
            let own = try engine.search(query.text, options([.bm25])).hits.map(\.id)
            #expect(Set(merged.prefix(3)) == Set(own.prefix(3)))
        }
    }

    @Test("A query without a word is an error", arguments: ["", " ", "\n\t"]) func emptyQuery(text: String) throws {
        let engine = try Sample.lexical.get().engine
        #expect { try engine.search(text) } throws: { error in
            if case EngineError.emptyQuery = error { true } else { false }
        }
    }

    @Test("Odd queries are answered", arguments: [
        "🍕🍕", "?", "[SEP] [CLS] [PAD]", "\u{0}", "東京都", String(repeating: "bread ", count: 5000),
        String(repeating: "x", count: 20_000), "the of and", "e\u{301}\u{302}\u{303}", "'; DROP TABLE --",
    ])
    func oddQueries(text: String) throws {
        let engine = try Sample.lexical.get().engine
        do {
            let (result, hits) = try engine.present(text, explaining: true)
            #expect(result.hits.count == hits.count && hits.count <= 10)
            #expect(result.diagnostics.invalidKeys == 0)
        } catch EngineError.emptyQuery {
            // Nothing of the text is a token.
        }
    }

    @Test("Explanations account for the n-gram score") func explanations() throws {
        let engine = try Sample.lexical.get().engine
        var explained = 0
        for query in try Sample.queries().prefix(40) {
            for hit in try engine.present(query.text, options([.ngram]), explaining: true).hits {
                let keys = try #require(hit.explanation).keys
                let sum = keys.reduce(Float(0)) { $0 + $1.weight * $1.coverage }
                #expect(abs(sum - hit.hit.score) < 1e-3 * max(1, sum))
                for key in keys {
                    #expect(key.count > 0 && key.weight > 0 && key.occurrences > 0 && !key.text.isEmpty)
                    explained += 1
                }
            }
        }
        #expect(explained > 500)
    }
}
