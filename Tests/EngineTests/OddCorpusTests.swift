import Corpora
import Engine
import Foundation
import Indexer
import Ranking
import Testing

/// Corpora that are small, repetitive or full of marks.
@Suite struct OddCorpusTests {
    private func open(_ passages: [(id: String, title: String, text: String)]) throws -> Engine {
        let folder = try TemporaryFolder()
        return try BuiltIndex(corpus: try folder.corpus(passages), encoder: nil).engine
    }

    private func ids(_ engine: Engine, _ query: String, k: Int = 10, _ retrievers: Set<RetrieverKind> = [.ngram, .bm25]) throws -> [String] {
        var options = SearchOptions()
        options.k = k
        options.retrievers = retrievers
        let result = try engine.search(query, options)
        #expect(result.diagnostics.invalidKeys == 0)
        return result.hits.map(\.id)
    }

    @Test("One passage") func one() throws {
        let engine = try open([("only", "Bread", "Bread is baked of flour and water. It rises slowly.")])
        #expect(try ids(engine, "flour") == ["only"])
        #expect(try ids(engine, "zebra").isEmpty)
    }

    @Test("Passages of one symbol, one letter and one word") func tiny() throws {
        let engine = try open([("a", "", "🍕"), ("b", "", "x"), ("c", "", "bread"), ("d", "t", "?")])
        #expect(try ids(engine, "bread").first == "c")
        #expect(try ids(engine, "x", k: 10, [.bm25]) == ["b"])
        _ = try ids(engine, "🍕?")
    }

    @Test("Texts that spell the marks do not end passages") func marks() throws {
        let engine = try open([
            ("a", "[CLS] title [SEP]", "The tokens [SEP] and [CLS] and [PAD] and [UNK] are marks of bread."),
            ("b", "", "[SEP][SEP][SEP] bread"), ("c", "[SEP]", "Water runs downhill."),
        ])
        #expect(engine.count == 3)
        #expect(Set(try ids(engine, "bread")) == ["a", "b"])
        #expect(try ids(engine, "water downhill").first == "c")
        for hit in try engine.present("[SEP] bread [CLS]", explaining: true).hits {
            #expect(!hit.snippet.text.isEmpty)
        }
    }

    @Test("Equal passages are ordered by id, byte by byte, also where the list is cut") func ties() throws {
        // A decomposed letter sorts by its bytes, as trec_eval sorts it.
        let names = ["e\u{301}tude", "f", "zebra", "Alpha", "10", "9", "é"]
        let engine = try open(
            names.map { ($0, "Bread", "Bread is baked of flour and water.") }
                + [("other", "Rivers", "Rivers run down to the sea in the end.")])
        let expected = names.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
        for retrievers in [[.ngram], [.bm25], [.ngram, .bm25]] as [Set<RetrieverKind>] {
            #expect(try ids(engine, "bread flour", k: 10, retrievers).filter { $0 != "other" } == expected)
            #expect(try ids(engine, "bread flour", k: 3, retrievers) == Array(expected.prefix(3)))
        }
        var run = TRECRun()
        let result = try engine.search("bread flour")
        run.set(result.hits.map { .init(passage: Identifier($0.id), score: Double($0.score)) }, query: "q")
        #expect(run.isInScoreOrder)
    }

    @Test("A passage of one word many times") func repetition() throws {
        let engine = try open([
            ("long", "bread bread", String(repeating: "bread ", count: 20_000)), ("short", "", "bread and water"),
        ])
        #expect(Set(try ids(engine, "bread")) == ["long", "short"])
        #expect(try engine.present("bread").hits.allSatisfy { $0.snippet.text.utf8.count < 400 })
    }

    @Test("Ids and texts come back as they were") func roundTrip() throws {
        let passages = (0..<40).map { number in
            (id: "id \(number) é/\\\"", title: "Title \(number)\u{301}", text: "Text\u{0} number \(number) 東京 🍕\u{200D}")
        }
        let engine = try open(passages)
        for (number, passage) in passages.enumerated() {
            let found = try engine.passage(Int32(number))
            #expect(Array(found.id.utf8) == Array(passage.id.utf8))
            #expect(Array(found.title.utf8) == Array(passage.title.utf8))
            #expect(Array(found.text.utf8) == Array(passage.text.utf8))
        }
    }
}
