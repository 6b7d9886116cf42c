import Engine
import Foundation
import Indexer
import Ranking
import Testing
import Transformers

@Suite struct RerankTests {
    private func index(
        in folder: borrowing TemporaryFolder, segmentTokens: Int? = nil, generator: String = TinySample.generator
    ) throws -> String {
        let place = folder.path("index-\(segmentTokens ?? 0)")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        try GeneratorInstall.install(generator, into: place, models: TinySample.models)
        return place
    }

    private func options(_ depth: Int?, weight: Float? = nil) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = [.dense, .bm25]
        options.k = 20
        options.rerank = depth
        options.rerankWeights = weight.map { .init(likelihood: $0, interaction: 0) }
        return options
    }

    @Test("Scores are the merge's with the likelihood of the query, with one segment and with several", arguments: [nil, 20_000])
    func scores(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let engine = try Engine.open(index(in: folder, segmentTokens: segmentTokens), models: TinySample.models)
        let model = try #require(try engine.generator?.model())
        let (task, end) = (try #require(model.task("question")), try #require(model.end))
        for query in try Sample.queries().prefix(4) {
            let before = try engine.search(query.text, options(nil))
            #expect(before.diagnostics.reranked == 0 && before.hits.allSatisfy { $0.rerank == nil })
            #expect(try engine.search(query.text, options(0)).hits.map(\.score) == before.hits.map(\.score))
            let after = try engine.search(query.text, options(6, weight: 0.3))
            #expect(after.diagnostics.reranked == 6)
            let merged = Dictionary(uniqueKeysWithValues: before.hits.map { ($0.id, $0.score) })
            let likelihoods = after.hits.compactMap { $0.rerank?.signals?.logLikelihood }
            #expect(likelihoods.count == 6)
            let (least, most) = (try #require(likelihoods.min()), try #require(likelihoods.max()))
            // The best six of the merge were scored and stay the best six; the sixth may have equals.
            let sixth = before.hits[5].score
            for hit in after.hits.prefix(6) {
                #expect(hit.rerank?.signals?.logLikelihood != nil && (merged[hit.id] ?? 0) >= sixth)
            }
            let encoder = model.encoder
            let asked = encoder.tokenizer.encode(query.text, addSpecialTokens: false).ids
            let tokens = Array((asked + [end]).prefix(model.configuration.maximumLength))
            for hit in after.hits {
                let rerank = try #require(hit.rerank)
                #expect(abs(rerank.contribution - 0.3 * ((rerank.signals?.logLikelihood ?? least) - most)) < 1e-6)
                if let score = merged[hit.id] { #expect(hit.score == score + rerank.contribution) }
                guard let found = rerank.signals?.logLikelihood else { continue }
                // The passage as a text, for itself.
                let passage = try engine.passage(hit.document)
                let text = (passage.title.isEmpty ? "" : passage.title + " ") + passage.text
                let session = model.session([model.source(tokens: encoder.tokens(of: text))], tasks: [task])
                let expected = session.stepLogProbs(of: tokens).reduce(0, +) / Float(tokens.count)
                #expect(abs(found - expected) < 1e-4)
            }
            // The weight that was not named.
            let usual = try engine.search(query.text, options(6)).hits
            let same = try engine.search(query.text, options(6, weight: Reranking.Weights.usual.likelihood)).hits
            #expect(usual.map(\.score) == same.map(\.score))
        }
    }

    @Test("The index's own reranking is for weighted merges with its generator") func defaults() throws {
        let folder = try TemporaryFolder()
        let place = try index(in: folder)
        var manifest = try Engine.manifest(of: place)
        manifest.generator?.rerank = Reranking(depth: 4, weights: .init(likelihood: 0.5, interaction: 0))
        try manifest.encoded().write(to: URL(filePath: place + "/manifest.json"))
        let engine = try Engine.open(place, models: TinySample.models)
        #expect(engine.manifest == manifest)
        let text = try Sample.queries()[1].text
        func scores(_ options: SearchOptions) throws -> [Float] { try engine.search(text, options).hits.map(\.score) }
        #expect(try engine.search(text, options(nil)).diagnostics.reranked == 4)
        #expect(try scores(options(nil)) == scores(options(4, weight: 0.5)))
        #expect(try scores(options(4)) == scores(options(4, weight: 0.5)))
        #expect(try engine.search(text, options(0)).diagnostics.reranked == 0)
        var alone = options(nil)
        alone.retrievers = [.bm25]
        #expect(try engine.search(text, alone).diagnostics.reranked == 0)
        alone.rerank = 7
        #expect(try engine.search(text, alone).diagnostics.reranked == 7)
        var other = options(nil)
        other.fusionMethod = .rrf
        #expect(try engine.search(text, other).diagnostics.reranked == 0)
        other = options(nil)
        other.ngramGenerator = .anchored
        #expect(try engine.search(text, other).diagnostics.reranked == 0)
        // Without the encoder only what is asked for is an error.
        let blind = try Engine.open(place, models: TinySample.models, loadsEncoder: false)
        var words = SearchOptions()
        #expect(try blind.search(text, words).diagnostics.reranked == 0)
        words.rerank = 3
        #expect { try blind.search(text, words) } throws: { "\($0)".hasPrefix("nothing can be reranked: ") }
        // Another generator begins without.
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        #expect(try Engine.manifest(of: place).generator?.rerank == nil)
    }

    @Test("What cannot be reranked is said") func refusals() throws {
        let folder = try TemporaryFolder()
        let lexical = try Sample.lexical.get().engine
        #expect { try lexical.search("bread", options(5)) } throws: {
            "\($0)".contains("the index has no trained generator")
        }
        let other = folder.path("other")
        try FileManager.default.copyItem(atPath: TinySample.generator, toPath: other)
        let file = URL(filePath: other + "/config.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing("\"question\"", with: "\"other\"").utf8).write(to: file)
        let engine = try Engine.open(index(in: folder, generator: other), models: TinySample.models)
        #expect { try engine.search("bread", options(5)) } throws: { "\($0)".contains("write questions") }
        #expect(try engine.search("bread", options(nil)).diagnostics.reranked == 0)
    }

    @Test("The weight is estimated on stored queries and kept with the generator") func estimate() throws {
        let folder = try TemporaryFolder()
        let place = try index(in: folder)
        func update() throws -> RerankUpdate {
            var update = RerankUpdate(try Engine.open(place, models: TinySample.models))
            update.maker = "title"
            update.count = 12
            update.depth = 5
            return update
        }
        #expect { try update().run() } throws: { "\($0)".contains("no queries of the maker title") }
        _ = try QueryBuilder(Engine.open(place, models: TinySample.models)).run(TitleMaker())
        let report = try update().run()
        #expect(report.queries == 12 && report.objective >= report.untouched)
        #expect(try Engine.manifest(of: place).generator?.rerank == report.reranking)
        // What stands in the manifest does not touch the next estimate, on any number of threads.
        var again = try update()
        again.threads = 1
        #expect(try again.run().reranking == report.reranking)
    }
}
