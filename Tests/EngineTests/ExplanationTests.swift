import Corpora
import Engine
import Foundation
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing

/// Why passages have their scores.
@Suite struct ExplanationTests {
    private static let text = "how do I feed a sourdough starter"

    private func check(_ explanation: Explanation, _ score: Float) {
        #expect(explanation.score.total == score)
        let sum = explanation.score.parts.reduce(Float(0)) { $0 + $1.contribution }
        #expect(abs(sum - score) < 1e-4 * max(1, abs(score)))
    }

    @Test("The parts sum to the score: one retriever, weighted, reciprocal ranks") func parts() throws {
        let engine = try Sample.lexical.get().engine
        var rrf = SearchOptions("ngram", "bm25")
        rrf.fusion = .rrf
        var weighted = SearchOptions()
        weighted.weights = ["ngram": 0.25, "bm25": 0.75]
        for options in [SearchOptions("ngram"), SearchOptions("bm25"), SearchOptions(), weighted, rrf] {
            for query in try Sample.queries().prefix(12) {
                for candidate in try engine.explained(query.text, options).candidates {
                    let explanation = try #require(candidate.explanation)
                    check(explanation, candidate.score)
                    let parts = explanation.score.parts
                    #expect(parts.map(\.name) == options.retrievers ?? ["ngram", "bm25"])
                    for part in parts {
                        let own = try #require(candidate.retrievers?[part.name])
                        #expect(
                            own.rank == part.rank && own.score == part.score && own.contribution == part.contribution)
                        if let weights = options.weights { #expect(part.weight == weights[part.name]) }
                        if options.fusion == .rrf { #expect(part.weight == nil) }
                    }
                }
            }
        }
    }

    @Test("Keys account for the n-gram score, terms for that of BM25") func details() throws {
        let engine = try Sample.lexical.get().engine
        var (keyCount, termCount) = (0, 0)
        for query in try Sample.queries().prefix(150) {
            for hit in try engine.explained(query.text, SearchOptions("ngram")).candidates {
                let keys = try #require(hit.explanation?.detail("keys", as: [GeneratedKey].self))
                let sum = keys.reduce(Float(0)) { $0 + $1.weight * $1.coverage }
                #expect(abs(sum - hit.score) < 1e-3 * max(1, sum))
                for key in keys {
                    #expect(
                        (key.count > 0) == (key.kind != .terms) && key.weight > 0 && key.occurrences > 0
                            && !key.text.isEmpty)
                    keyCount += 1
                }
            }
            for hit in try engine.explained(query.text, SearchOptions("bm25")).candidates {
                let terms = try #require(hit.explanation?.detail("terms", as: [TermPart].self))
                #expect(abs(terms.reduce(0) { $0 + $1.contribution } - hit.score) < 1e-3 * max(1, hit.score))
                termCount += terms.count
            }
        }
        #expect(keyCount > 500 && termCount > 500)
    }

    @Test("A request says how much is explained, and what is filled in") func depth() throws {
        let engine = try Sample.lexical.get().engine
        var request = SearchRequest(Self.text)
        #expect(try engine.search(request).candidates.allSatisfy { $0.explanation == nil && $0.text != nil })
        request.explain = .keys
        for candidate in try engine.search(request).candidates {
            #expect(candidate.explanation.map { Set($0.details.keys) } == ["keys"])
        }
        request.explain = .full
        request.fields = [.title]
        for candidate in try engine.search(request).candidates {
            #expect(candidate.explanation.map { Set($0.details.keys).isSubset(of: ["keys", "terms"]) } == true)
            #expect(candidate.title != nil && candidate.text == nil && candidate.snippet == nil)
            #expect(candidate.retrievers == nil && candidate.matches == nil)
        }
        request.fields = [.text]
        request.maxTextLength = 12
        for candidate in try engine.search(request).candidates {
            let text = try #require(candidate.text)
            #expect(text.count <= 13 && candidate.title == nil)
        }
        request.fields = []
        #expect(try engine.search(request).candidates.allSatisfy { $0.text == nil && $0.title == nil })
    }

    @Test("A passage that was found is explained as in the answer") func found() throws {
        let engine = try Sample.lexical.get().engine
        let answer = try engine.explained(Self.text)
        for candidate in answer.candidates.prefix(4) {
            let explanation = try engine.explain(Self.text, docid: candidate.docid)
            #expect(explanation.score == candidate.explanation?.score)
            #expect(explanation.details.keys.sorted() == candidate.explanation?.details.keys.sorted())
        }
    }

    @Test("A passage that no search finds is explained too, one without the query's words as well") func never() throws
    {
        let engine = try Sample.lexical.get().engine
        let text = "bread water flour salt oven light sun moon sea air heat night year"
        var options = SearchOptions()
        options.depth = 3
        let answer = try engine.rank(text, hits: 210)
        let found = Set(
            try engine.rank(text, hits: 3, options: options).lists.flatMap { $0.passages.map(\.passage) })
        var explained = 0
        for hit in answer.hits where !found.contains(hit.candidate.passage) {
            let explanation = try engine.explain(text, docid: hit.id, options: options)
            check(explanation, explanation.score.total)
            #expect(explanation.score.parts.map(\.name) == ["ngram", "bm25"])
            // BM25 knows the score of every passage.
            let own = hit.candidate.parts.first { $0.retriever == "bm25" }?.score
            #expect(explanation.score.parts[1].score == own)
            explained += 1
            if explained == 20 { break }
        }
        #expect(explained == 20)
        // None of its words is in a passage.
        let nothing = try engine.explain("zzyzx", docid: try engine.passage(PassageIndex(0)).id)
        #expect(nothing.score.total == 0 && nothing.score.parts.count == 2)
        #expect { try engine.explain(text, docid: "no such passage") } throws: { error in
            error as? EngineError == .noPassage(id: "no such passage")
        }
        #expect(throws: EngineError.emptyQuery) { try engine.explain("", docid: answer.hits[0].id) }
    }

    @Test("Passages by their ids") func passages() throws {
        let engine = try Sample.lexical.get().engine
        let first = try engine.passage(PassageIndex(0))
        let found = try engine.passages(ids: [first.id, "no such passage", first.id])
        #expect(found.count == 3 && found[0] == first && found[1] == nil && found[2] == first)
    }

    @Test("Reranked scores are explained too, and docids") func reranked() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try TinySample.setGenerator(in: place)
        let engine = try TinySample.open(place)
        var options = SearchOptions("docid", "bm25")
        (options.rerank, options.rerankWeights) = (4, ["likelihood": 0.3])
        let answer = try engine.explained(Self.text, options)
        for candidate in answer.candidates {
            let explanation = try #require(candidate.explanation)
            check(explanation, candidate.score)
            let last = try #require(explanation.score.parts.last)
            #expect(
                last.name == "rerank" && last.contribution == candidate.rerank?.contribution && last.contribution <= 0)
            let path = try #require(explanation.detail("docid", as: DocidPath.self))
            #expect(path.scheme == "sentences" && !path.levels.isEmpty)
            #expect(try engine.explain(Self.text, docid: candidate.docid, options: options).score == explanation.score)
        }
        #expect(answer.candidates.count { $0.rerank?.scores != nil } == 4)
    }
}
