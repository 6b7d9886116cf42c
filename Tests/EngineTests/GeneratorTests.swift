import Corpora
import Engine
import Foundation
import Indexer
import Ranking
import Testing
import Transformers

/// An index of the sample corpus under a tiny encoder that lies beside the tests, so that these need no
/// model of the machine.
enum TinySample {
    static let models = ModelCache(
        directory: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TransformersTests/Fixtures"))
    static let generator = models.directory.appending(path: "tiny_generator").path

    /// Builds the index at a place, in several segments where a limit is given.
    static func build(at place: String, segmentTokens: Int? = nil, corpus: String = Sample.path) throws {
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 3
        var builder = IndexBuilder(corpus: corpus, destination: place, options: options, models: models)
        builder.segmentTokenLimit = segmentTokens
        _ = try builder.build()
    }
}

@Suite struct GeneratorTests {
    private func options(_ generator: NgramGeneratorKind?) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = [.ngram]
        options.ngramGenerator = generator
        options.ngram.beams = 5
        options.ngram.titleLength = 10
        return options
    }

    @Test("Constants are estimated, kept with the generator, and give way to those of a search", arguments: [nil, 20_000])
    func tuning(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        var queries = QueryBuilder.Options()
        queries.passages = 12
        queries.perPassage = 1
        let engine = try Engine.open(place, models: TinySample.models)
        _ = try QueryBuilder(engine, options: queries).run(QueryMakers.maker(.spans, for: engine))
        var update = TuningUpdate(try Engine.open(place, models: TinySample.models))
        update.maker = "spans"
        update.options.beams = 4
        let report = try update.run()
        #expect(report.queries > 0 && report.objective >= report.untuned)
        let tuned = try Engine.open(place, models: TinySample.models)
        #expect(tuned.manifest.generator?.tuning == report.tuning)
        // With the usual constants named, what was estimated does not count.
        let text = try Sample.queries()[0].text
        var own = options(.trained)
        own.ngramTuning = .usual
        func scores(_ engine: Engine, _ options: SearchOptions) throws -> [Float] {
            try engine.search(text, options).hits.map(\.score)
        }
        #expect(try scores(tuned, own) == scores(engine, options(.trained)))
        if report.tuning != .usual {
            #expect(try scores(tuned, options(.trained)) != scores(engine, options(.trained)))
        }
    }

    @Test("Put in, used, and taken out, with one segment and with several", arguments: [nil, 20_000])
    func life(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        let text = try Sample.queries()[0].text
        let before = try Engine.open(place, models: TinySample.models)
        #expect((before.manifest.segments.count > 1) == (segmentTokens != nil))
        let untrained = try before.search(text, options(nil))
        #expect(untrained.diagnostics.ngramGenerator == .anchored)
        #expect { try before.search(text, options(.trained)) } throws: { "\($0)".contains("no trained generator") }

        let described = try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        #expect(described.tasks == ["body", "title", "question"] && described.layers == 2)
        let engine = try Engine.open(place, models: TinySample.models)
        #expect(engine.manifest.generator == described)
        try engine.verify()
        #expect(engine.spaceReport().contains { $0.name == "generator/model.safetensors" && $0.bytes > 100_000 })
        for query in try Sample.queries().prefix(6) {
            let result = try engine.search(query.text, options(nil))
            #expect(result.diagnostics.ngramGenerator == .trained)
            #expect(result.diagnostics.keys > 0 && result.diagnostics.invalidKeys == 0)
            #expect(result.hits.map(\.id) == (try engine.search(query.text, options(.trained)).hits.map(\.id)))
        }
        // The other generator answers as it did.
        let again = try engine.search(text, options(.anchored))
        #expect(again.hits.map(\.score) == untrained.hits.map(\.score))
        // Without the encoder nothing can read the query's states.
        let blind = try Engine.open(place, models: TinySample.models, loadsEncoder: false)
        #expect(try blind.search(text, options(nil)).diagnostics.ngramGenerator == .anchored)
        #expect(throws: EngineError.self) { try blind.search(text, options(.trained)) }

        // Set once more, then removed.
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        #expect(try GeneratorInstall.remove(from: place))
        #expect(try !GeneratorInstall.remove(from: place))
        #expect(!FileManager.default.fileExists(atPath: place + "/generator"))
        #expect(try Engine.open(place, models: TinySample.models).manifest == before.manifest)
    }

    @Test("Segments answer as one index does") func segments() throws {
        let folder = try TemporaryFolder()
        var engines: [Engine] = []
        for limit in [nil, 20_000] {
            let place = folder.path("index-\(limit ?? 0)")
            try TinySample.build(at: place, segmentTokens: limit)
            try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
            engines.append(try Engine.open(place, models: TinySample.models, generatorPrecision: .float32))
        }
        for query in try Sample.queries().prefix(12) {
            let results = try engines.map { try $0.search(query.text, options(.trained)) }
            #expect(results[0].hits.map(\.id) == results[1].hits.map(\.id))
            #expect(results[0].hits.map(\.score) == results[1].hits.map(\.score))
            #expect(results[0].diagnostics.keys == results[1].diagnostics.keys)
        }
    }

    @Test("What does not fit is refused, and changes nothing") func refusals() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let manifest = try Data(contentsOf: URL(filePath: place + "/manifest.json"))
        func refused(_ generator: String, into place: String) -> String {
            do {
                try GeneratorInstall.install(generator, into: place, models: TinySample.models)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refused(folder.path("absent"), into: place).contains("absent"))
        #expect(refused(TinySample.generator, into: folder.path("absent")).contains("absent"))
        #expect(refused(TinySample.models.directory.path + "/tiny_bert", into: place).contains("model_type is bert"))
        let lexical = folder.path("lexical")
        try Sample.lexical.get().write(to: lexical)
        #expect(refused(TinySample.generator, into: lexical).contains("without an encoder"))
        #expect(try Data(contentsOf: URL(filePath: place + "/manifest.json")) == manifest)
        #expect(try folder.names() == ["index", "lexical"])
        #expect(!FileManager.default.fileExists(atPath: place + "/generator"))
    }

    @Test("Weights of the merge for searches with the generator") func weights() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        func update() throws -> FusionUpdate { FusionUpdate(try Engine.open(place, models: TinySample.models)) }
        #expect { try update().run() } throws: { "\($0)".contains("no trained generator") }
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        var fromCorpus = try update()
        fromCorpus.count = 4
        let estimate = try fromCorpus.run()
        #expect(estimate.pseudoQueries == 4 && abs(estimate.weights.values.reduce(0, +) - 1) < 1e-4)
        let engine = try Engine.open(place, models: TinySample.models)
        #expect(engine.manifest.generator?.fusion == estimate)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).sorted() == [
            "generator", "manifest.json", "segment-0001", "tokenizer.json",
        ])
        // The untrained generator keeps the weights of the build.
        #expect(engine.manifest.fusion == (try Engine.manifest(of: place).fusion))

        var fromQueries = FusionUpdate(engine)
        fromQueries.maker = "title"
        fromQueries.count = 4
        #expect { try fromQueries.run() } throws: { "\($0)".contains("no queries of the maker title") }
        _ = try QueryBuilder(engine).run(TitleMaker())
        var again = try update()
        again.maker = "title"
        again.count = 4
        #expect(try again.run().pseudoQueries == 4)
        #expect(try again.run() == (try Engine.manifest(of: place).generator?.fusion))
    }

    @Test("A damaged or missing generator is named when it is asked for") func damage() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        let file = place + "/generator/model.safetensors"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[bytes.count - 7] ^= 1
        try bytes.write(to: URL(filePath: file))
        let engine = try Engine.open(place, models: TinySample.models)
        for _ in 0..<2 {
            #expect { try engine.search("bread", options(nil)) } throws: { "\($0)".contains("generator/model.safetensors") }
        }
        #expect(throws: EngineError.self) { try engine.verify() }
        #expect(try !engine.search("bread", options(.anchored)).hits.isEmpty)
        try FileManager.default.removeItem(atPath: file)
        let other = try Engine.open(place, models: TinySample.models)
        #expect { try other.search("bread", options(.trained)) } throws: { "\($0)".contains("cannot be read") }
    }
}
