import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import Tensors
import TestSupport
import Testing
import Text
import Transformers

@Suite struct RerankTests {
    private func index(
        in folder: TemporaryFolder, segmentTokens: Int? = nil, generator: URL = TinySample.generator
    ) throws -> String {
        let place = folder.path("index-\(segmentTokens ?? 0)")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        try TinySample.setGenerator(in: place, from: generator)
        return place
    }

    private func options(_ depth: Int?, weight: Float? = nil) -> SearchOptions {
        var options = SearchOptions("dense", "bm25")
        options.rerank = depth
        options.rerankWeights = weight.map { ["likelihood": $0] }
        return options
    }

    private func rank(_ engine: Engine, _ text: String, _ options: SearchOptions) throws -> RankedResult {
        try engine.rank(text, hits: 20, options: options)
    }

    @Test(
        "Scores are the fusion's with the likelihood of the query, with one segment and with several",
        arguments: [nil, 20_000])
    func scores(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let engine = try Engine.open(
            index(in: folder, segmentTokens: segmentTokens), models: TinySample.models, precision: .float32)
        let model = try engine.reader.value(IndexGenerator.self).model
        let (task, end) = (try #require(model.task("question")), try #require(model.end))
        for query in try Sample.queries().prefix(4) {
            let before = try rank(engine, query.text, options(nil))
            #expect(before.rerankedCount == 0 && before.hits.allSatisfy { $0.candidate.rerank == nil })
            #expect(try rank(engine, query.text, options(0)).hits.map(\.score) == before.hits.map(\.score))
            let after = try rank(engine, query.text, options(6, weight: 0.3))
            #expect(after.rerankedCount == 6)
            let fused = Dictionary(uniqueKeysWithValues: before.hits.map { ($0.id, $0.score) })
            let likelihoods = after.hits.compactMap { $0.candidate.rerank?.scores?["likelihood"] }
            #expect(likelihoods.count == 6)
            let (least, most) = (try #require(likelihoods.min()), try #require(likelihoods.max()))
            // The best six of the fusion were scored and stay the best six; the sixth may have equals.
            let sixth = before.hits[5].score
            for hit in after.hits.prefix(6) {
                #expect(hit.candidate.rerank?.scores?["likelihood"] != nil && (fused[hit.id] ?? 0) >= sixth)
            }
            let encoder = model.encoder
            let asked = encoder.tokenizer.encode(query.text, addSpecialTokens: false).ids
            let tokens = Array((asked + [end]).prefix(model.configuration.maximumLength))
            for hit in after.hits {
                let rerank = try #require(hit.candidate.rerank)
                let own = rerank.scores?["likelihood"]
                #expect(abs(rerank.contribution - 0.3 * ((own ?? least) - most)) < 1e-6)
                if let score = fused[hit.id] { #expect(hit.score == score + rerank.contribution) }
                guard let own else { continue }
                // The passage as a text, for itself.
                let passage = try engine.passage(hit.candidate.passage)
                let text = (passage.title.isEmpty ? "" : passage.title + " ") + passage.text
                let session = model.session(
                    [model.source(tokens: encoder.tokens(of: text, as: .passage))], tasks: [task])
                let expected = session.stepLogProbs(of: tokens).reduce(0, +) / Float(tokens.count)
                #expect(abs(own - expected) < 1e-4)
            }
            // The weight that was not named.
            let usual = try rank(engine, query.text, options(6)).hits
            let same = try rank(engine, query.text, options(6, weight: LikelihoodReranker.usualWeight)).hits
            #expect(usual.map(\.score) == same.map(\.score))
        }
    }

    @Test("The index's own reranking is for weighted fusions with its generator") func defaults() throws {
        let folder = try TemporaryFolder()
        let place = try index(in: folder)
        let digest = try #require(try TinySample.open(place).manifest.part(GeneratorPart.kind)).sha256
        var transaction = try IndexTransaction(URL(filePath: place))
        try transaction.record(
            Estimate(
                RerankEstimate(depth: 4, weights: ["likelihood": 0.5]),
                inputs: [EstimateInput(kind: GeneratorPart.kind, sha256: digest)], queries: 1, objective: 1),
            as: .rerank)
        _ = try transaction.commit()
        let engine = try TinySample.open(place)
        let text = try Sample.queries()[1].text
        func scores(_ options: SearchOptions) throws -> [Float] { try rank(engine, text, options).hits.map(\.score) }
        #expect(try rank(engine, text, options(nil)).rerankedCount == 4)
        #expect(try scores(options(nil)) == scores(options(4, weight: 0.5)))
        #expect(try scores(options(4)) == scores(options(4, weight: 0.5)))
        #expect(try rank(engine, text, options(0)).rerankedCount == 0)
        var alone = SearchOptions("bm25")
        #expect(try rank(engine, text, alone).rerankedCount == 0)
        alone.rerank = 7
        #expect(try rank(engine, text, alone).rerankedCount == 7)
        var other = options(nil)
        other.fusion = .rrf
        #expect(try rank(engine, text, other).rerankedCount == 0)
        other = SearchOptions("ngram", "bm25")
        other[NgramRetriever.self].generator = .untrained
        #expect(try rank(engine, text, other).rerankedCount == 0)
        // Without the encoder only what is asked for is an error.
        let blind = try Engine.open(place, models: ModelCache(directory: URL(filePath: folder.path("no-models"))))
        var words = SearchOptions()
        let found = try blind.rank(text, options: words)
        #expect(found.rerankedCount == 0 && found.notes.contains { $0.kind == .notReranked })
        words.rerank = 3
        #expect { try blind.rank(text, options: words) } throws: { error in
            if case EngineError.cannotRerank(because: .encoderNotInstalled(name: "tiny_bert")) = error {
                true
            } else {
                false
            }
        }
        // Another generator begins without.
        let changed = try TinySample.generator(
            URL(filePath: folder.path("other")), replacing: "\"title\"", with: "\"other\"")
        try TinySample.setGenerator(in: place, from: changed)
        #expect(try rank(TinySample.open(place), text, options(nil)).rerankedCount == 0)
    }

    @Test("What cannot be reranked is said") func refusals() throws {
        let folder = try TemporaryFolder()
        let lexical = try Sample.lexical.get().engine
        var asked = SearchOptions("bm25")
        asked.rerank = 5
        #expect { try lexical.rank("bread", options: asked) } throws: { error in
            if case EngineError.cannotRerank(because: .noPart(kind: "generator", index: _)) = error {
                true
            } else {
                false
            }
        }
        asked.rerankWeights = ["likelyhood": 1]
        #expect { try lexical.rank("bread", options: asked) } throws: { error in
            if case EngineError.unknownComponent("likelyhood", known: ["likelihood", "interaction"]) = error {
                true
            } else {
                false
            }
        }
        let other = try TinySample.generator(
            URL(filePath: folder.path("other")), replacing: "\"question\"", with: "\"other\"")
        let engine = try TinySample.open(try index(in: folder, generator: other))
        #expect { try engine.rank("bread", options: options(5)) } throws: { error in
            if case EngineError.cannotRerank(because: .notTrained(kind: "generator", what: "questions", index: _)) =
                error
            {
                true
            } else {
                false
            }
        }
        #expect(try engine.rank("bread", options: options(nil)).rerankedCount == 0)
    }

    @Test("Texts that are not in the index are scored") func texts() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let query = "how do I feed a sourdough starter"
        let texts =
            [
                "A starter is fed with flour and water.", "", "Glass is sand that was molten.",
                "A starter is fed with flour and water.",
            ]
            + (0..<20).map { "Text number \($0) of several batches." }
        // Without a generator by the vectors.
        let plain = try TinySample.open(place)
        let cosines = try plain.rerank(query, texts: texts)
        let encoder = try plain.reader.value(IndexEncoder.self).encoder
        let vector = encoder.encodeQuery(query).vector
        #expect(cosines.count == texts.count)
        for (text, score) in zip(texts, cosines) {
            let own = encoder.encodeQuery(text).vector
            let expected = zip(vector, own).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            #expect(abs(score.score - expected) < 1e-4 && score.scores == ["cosine": score.score])
        }
        #expect(cosines[0] == cosines[3])
        #expect(try plain.rerank(query, texts: []).isEmpty)
        // With one by its likelihood.
        try TinySample.setGenerator(in: place)
        let engine = try Engine.open(place, models: TinySample.models, precision: .float32)
        let scores = try engine.rerank(query, texts: texts)
        #expect(scores.count == texts.count && scores.allSatisfy { Array($0.scores.keys) == ["likelihood"] })
        for score in scores {
            #expect(score.score == LikelihoodReranker.usualWeight * (score.scores["likelihood"] ?? .nan))
        }
        // A text of the index is scored as its passage is.
        var options = SearchOptions("bm25")
        (options.rerank, options.rerankWeights) = (5, ["likelihood": 1])
        let hit = try #require(try engine.rank(query, options: options).hits.first)
        let passage = try engine.passage(hit.candidate.passage)
        let own = try engine.rerank(query, texts: [passage.title + " " + passage.text])
        #expect(abs((own[0].scores["likelihood"] ?? 0) - (hit.candidate.rerank?.scores?["likelihood"] ?? 9)) < 1e-4)
        let raised = Cancellation { true }
        #expect(throws: EngineError.cancelled) { try engine.rerank(query, texts: texts, cancellation: raised) }
        #expect(throws: EngineError.emptyQuery) { try engine.rerank("", texts: texts) }
        #expect { try Sample.lexical.get().engine.rerank(query, texts: texts) } throws: { error in
            if case EngineError.cannotRerank(because: .noEncoder) = error { true } else { false }
        }
    }
}
