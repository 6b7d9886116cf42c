import Corpora
import Engine
import Foundation
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

/// Corpora that are small, repetitive or full of marks.
@Suite struct OddCorpusTests {
    private func open(_ passages: [(id: String, title: String, text: String)]) throws -> BuiltIndex {
        let folder = try TemporaryFolder()
        return try BuiltIndex(corpus: try folder.corpus(passages), encoder: nil)
    }

    private func ids(
        _ index: BuiltIndex, _ query: String, hits: Int = 10, _ retrievers: [ComponentID] = ["ngram", "bm25"]
    ) throws -> [String] {
        let result = try index.engine.rank(query, hits: hits, options: SearchOptions(retrievers))
        #expect(result.count("invalidKeys") == 0)
        return result.hits.map(\.id)
    }

    @Test("One passage") func one() throws {
        let index = try open([("only", "Bread", "Bread is baked of flour and water. It rises slowly.")])
        #expect(try ids(index, "flour") == ["only"])
        #expect(try ids(index, "zebra").isEmpty)
    }

    @Test("Passages of one symbol, one letter and one word") func tiny() throws {
        let index = try open([("a", "", "🍕"), ("b", "", "x"), ("c", "", "bread"), ("d", "t", "?")])
        #expect(try ids(index, "bread").first == "c")
        #expect(try ids(index, "x", hits: 10, ["bm25"]) == ["b"])
        _ = try ids(index, "🍕?")
    }

    @Test("Texts that spell the marks do not end passages") func marks() throws {
        let index = try open([
            ("a", "[CLS] title [SEP]", "The tokens [SEP] and [CLS] and [PAD] and [UNK] are marks of bread."),
            ("b", "", "[SEP][SEP][SEP] bread"), ("c", "[SEP]", "Water runs downhill."),
        ])
        #expect(index.engine.count == 3)
        #expect(Set(try ids(index, "bread")) == ["a", "b"])
        #expect(try ids(index, "water downhill").first == "c")
        for hit in try index.engine.explained("[SEP] bread [CLS]").candidates {
            #expect(hit.snippet?.text.isEmpty == false)
        }
    }

    @Test("Equal passages are ordered by id, byte by byte, also where the list is cut") func ties() throws {
        // A decomposed letter sorts by its bytes, as trec_eval sorts it.
        let names = ["e\u{301}tude", "f", "zebra", "Alpha", "10", "9", "é"]
        let index = try open(
            names.map { ($0, "Bread", "Bread is baked of flour and water.") }
                + [("other", "Rivers", "Rivers run down to the sea in the end.")])
        let expected = names.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
        for retrievers in [["ngram"], ["bm25"], ["ngram", "bm25"]] as [[ComponentID]] {
            #expect(try ids(index, "bread flour", hits: 10, retrievers).filter { $0 != "other" } == expected)
            #expect(try ids(index, "bread flour", hits: 3, retrievers) == Array(expected.prefix(3)))
        }
        var run = TRECRun()
        let result = try index.engine.rank("bread flour")
        run.set(result.hits.map { .init(passage: Identifier($0.id), score: Double($0.score)) }, query: "q")
        #expect(run.isInScoreOrder)
    }

    @Test("A passage of one word many times") func repetition() throws {
        let index = try open([
            ("long", "bread bread", String(repeating: "bread ", count: 20_000)), ("short", "", "bread and water"),
        ])
        #expect(Set(try ids(index, "bread")) == ["long", "short"])
        #expect(try index.engine.search("bread").candidates.allSatisfy { ($0.snippet?.text.utf8.count ?? 400) < 400 })
    }

    @Test("Ids and texts come back as they were") func roundTrip() throws {
        let passages = (0..<40).map { number in
            (
                id: "id \(number) é/\\\"", title: "Title \(number)\u{301}",
                text: "Text\u{0} number \(number) 東京 🍕\u{200D}"
            )
        }
        let index = try open(passages)
        for (number, passage) in passages.enumerated() {
            let found = try index.engine.passage(PassageIndex(number))
            #expect(Array(found.id.utf8) == Array(passage.id.utf8))
            #expect(Array(found.title.utf8) == Array(passage.title.utf8))
            #expect(Array(found.text.utf8) == Array(passage.text.utf8))
        }
    }
}
