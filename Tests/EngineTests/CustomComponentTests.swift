import Engine
import Foundation
import SampleIndexes
import Search
import TestSupport
import Testing

/// A retriever and a reranker that only the tests know, in searches of an index that genret built.
@Suite struct CustomComponentTests {
    private static let text = "feeding a sourdough starter with flour"

    private struct Place {
        let folder: TemporaryFolder
        let engine: Engine

        init(_ registry: Registry) throws {
            folder = try TemporaryFolder()
            try Sample.lexical.get().write(to: folder.path("index"))
            engine = try Engine.open(folder.path("index"), registry: registry)
        }
    }

    private func sum(_ explanation: Explanation?) -> Float? {
        explanation?.score.parts.reduce(0) { $0 + $1.contribution }
    }

    @Test("A custom retriever is searched with alone, fused and explained") func retriever() throws {
        let place = try Place(Registry.standard.adding(TitleRetriever.self))
        let engine = place.engine
        let alone = try engine.explained(Self.text, SearchOptions("title"))
        #expect(!alone.candidates.isEmpty)
        for candidate in alone.candidates {
            let words = try #require(candidate.explanation?.detail("titleWords", as: [String].self))
            #expect(Float(words.count) == candidate.score && sum(candidate.explanation) == candidate.score)
            for word in words { #expect(candidate.title?.lowercased().contains(word) == true) }
        }
        // It runs beside the others without being asked for, and counts like them.
        let result = try engine.rank(Self.text)
        #expect(result.retrievers == ["ngram", "bm25", "title"] && result.count("titles") > 0)
        var options = SearchOptions()
        options.weights = ["bm25": 0.5, "title": 0.5]
        let fused = try engine.explained(Self.text, options)
        for candidate in fused.candidates {
            let part = try #require(candidate.explanation?.score.parts.last)
            #expect(
                part.name == "title" && part.weight == 0.5
                    && candidate.retrievers?["title"]?.contribution == part.contribution)
            #expect(abs((sum(candidate.explanation) ?? 9) - candidate.score) < 1e-5)
            let terms = Float(5)
            #expect(abs(part.contribution - 0.5 * (part.score ?? 9) / terms) < 1e-5)
        }
        #expect(fused.timings["title"] != nil)
        // A passage that it does not find.
        let missed = try #require(try engine.rank(Self.text, hits: 210).hits.last)
        let explanation = try engine.explain(Self.text, docid: missed.id, options: options)
        #expect(explanation.score.parts.map(\.name) == ["ngram", "bm25", "title"])
    }

    @Test("Its options are read from JSON, and their faults named") func options() throws {
        let registry = Registry.standard.adding(TitleRetriever.self)
        let place = try Place(registry)
        let engine = place.engine
        var options = SearchOptions("title")
        try options.set("title", to: .object(["letters": .integer(20)]), in: registry)
        #expect(options[TitleRetriever.self].letters == 20)
        #expect(try engine.rank(Self.text, options: options).hits.isEmpty)
        #expect(throws: OptionFault(unknown: "title.leters", known: ["letters"])) {
            try options.set("title", to: .object(["leters": .integer(2)]), in: registry)
        }
        options[TitleRetriever.self].letters = 0
        #expect(throws: EngineError.option(OptionFault("title.letters", "above 0"))) {
            try engine.search(SearchRequest(Self.text, options: options))
        }
        // Who does not know it says so.
        #expect { try options.set("title", to: .object([:])) } throws: { ($0 as? OptionFault)?.member == "title" }
        let tree = try JSONTree(encoding: options)
        #expect(tree["title"]?["letters"] == .integer(0))
    }

    @Test("A retriever of a known name takes its place") func replaced() throws {
        let twice = Registry.standard.adding(TitleRetriever.self).adding(TitleRetriever.self)
        #expect(twice.ids == ["ngram", "docid", "dense", "bm25", "cur", "title", "likelihood", "interaction"])
    }

    @Test("A custom reranker reranks when it is asked for, and is explained") func reranker() throws {
        let place = try Place(Registry.standard.adding(BrevityReranker.self))
        let engine = place.engine
        let text = "why do bread, water and the light of the moon take time to rise"
        let plain = try engine.rank(text)
        #expect(plain.rerankedCount == 0)
        var options = SearchOptions()
        options.rerank = 8
        options.rerankWeights = ["brevity": 0.1]
        let result = try engine.rank(text, options: options)
        #expect(result.rerankedCount == 8)
        let scored = try engine.rank(text, hits: 210, options: options).hits.filter {
            $0.candidate.rerank?.scores != nil
        }
        #expect(scored.count == 8)
        let before = Dictionary(
            uniqueKeysWithValues: try engine.rank(text, hits: 210).hits.map { ($0.id, $0.score) })
        let lengths = try engine.passages(ids: scored.map(\.id)).map { -log2(Float($0?.text.count ?? 0)) }
        let most = try #require(lengths.max())
        for (hit, own) in zip(scored, lengths) {
            // The best of the fusion were scored; the eighth may have equals.
            #expect(try #require(before[hit.id]) >= plain.hits[7].score)
            #expect(hit.candidate.rerank?.scores == ["brevity": own])
            #expect(abs((hit.candidate.rerank?.contribution ?? 9) - 0.1 * (own - most)) < 1e-5)
            #expect(abs(hit.score - (before[hit.id] ?? 0) - (hit.candidate.rerank?.contribution ?? 9)) < 1e-5)
        }
        for candidate in try engine.explained(text, options).candidates {
            let explanation = try #require(candidate.explanation)
            #expect(explanation.score.parts.last?.name == "rerank")
            #expect(abs((sum(explanation) ?? 9) - candidate.score) < 1e-5)
        }
        // Without a weight it has its usual one, beside rerankers that cannot run.
        options.rerankWeights = nil
        let usual = try engine.rank(text, options: options)
        options.rerankWeights = ["brevity": 0.5]
        #expect(usual.hits.map(\.score) == (try engine.rank(text, options: options).hits.map(\.score)))
        options[BrevityReranker.self].least = 1_000_000
        let idle = try engine.rank(text, options: options)
        #expect(idle.hits.prefix(8).map(\.score) == plain.hits.prefix(8).map(\.score))
    }

    @Test("Both together") func both() throws {
        let place = try Place(Registry.standard.adding(TitleRetriever.self).adding(BrevityReranker.self))
        let engine = place.engine
        var options = SearchOptions("title", "bm25")
        (options.rerank, options.rerankWeights) = (5, ["brevity": 0.2])
        options.weights = ["title": 1, "bm25": 1]
        for candidate in try engine.explained(Self.text, options).candidates {
            #expect(candidate.explanation?.score.parts.map(\.name) == ["bm25", "title", "rerank"])
            #expect(abs((sum(candidate.explanation) ?? 9) - candidate.score) < 1e-5)
        }
    }
}
