import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing
import Transformers

/// Parts that are put into an index, used, and taken out.
@Suite struct InstallTests {
    static func ngrams(_ generator: NgramRetriever.Generator?) -> SearchOptions {
        var options = SearchOptions("ngram")
        options[NgramRetriever.self].generator = generator
        options[NgramRetriever.self].search.beams = 5
        options[NgramRetriever.self].search.titleLength = 10
        return options
    }

    /// The manifest but for what counts its changes.
    private func contents(_ manifest: IndexManifest) -> IndexManifest {
        var manifest = manifest
        manifest.generation = 1
        return manifest
    }

    /// What stands in the index's folder, the lock apart.
    static func names(_ place: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place).filter { $0 != ".lock" }.sorted()
    }

    @Test("A generator: put in, used, and taken out, with one segment and with several", arguments: [nil, 20_000])
    func generator(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        let text = try Sample.queries()[0].text
        let before = try TinySample.open(place)
        #expect((before.manifest.segments.count > 1) == (segmentTokens != nil))
        let untrained = try before.rank(text, options: Self.ngrams(nil))
        #expect(untrained.count("generatorRuns") == 0)
        #expect { try before.rank(text, options: Self.ngrams(.trained)) } throws: { error in
            if case EngineError.unavailable(["ngram"], because: .noPart(kind: "generator", index: _)) = error {
                true
            } else {
                false
            }
        }

        let words = try GeneratorPart.set(TinySample.generator, in: URL(filePath: place), models: TinySample.models)
        #expect(words == "a generator of 2 layers for body, title, question")
        // The engine that was open goes on with what it opened.
        #expect(before.manifest.part(GeneratorPart.kind) == nil)
        let engine = try TinySample.open(place)
        let record = try #require(engine.manifest.part(GeneratorPart.kind))
        let described = try record.description.decoded(as: GeneratorPart.Description.self)
        #expect(described.tasks == ["body", "title", "question"] && described.layers == 2)
        #expect(GeneratorPart.summary(in: engine.manifest) == words)
        #expect(engine.manifest.generation == before.manifest.generation + 1)
        try engine.reader.verify()
        let space = try SpaceReport(engine.reader.snapshot)
        #expect(space.items.contains { $0.name == "generator/model.safetensors" && $0.bytes > 100_000 })
        for query in try Sample.queries().prefix(6) {
            let result = try engine.rank(query.text, options: Self.ngrams(nil))
            #expect(result.count("generatorRuns") == 1 && result.notes.isEmpty)
            #expect(result.count("keys") > 0 && result.count("invalidKeys") == 0)
            #expect(
                result.hits.map(\.id) == (try engine.rank(query.text, options: Self.ngrams(.trained)).hits.map(\.id)))
        }
        // Without it the answers are what they were.
        let again = try engine.rank(text, options: Self.ngrams(.untrained))
        #expect(again.hits.map(\.score) == untrained.hits.map(\.score))
        // Without the encoder nothing can read the query's states.
        let blind = try Engine.open(place, models: ModelCache(directory: URL(filePath: folder.path("no-models"))))
        let without = try blind.rank(text, options: Self.ngrams(nil))
        #expect(without.count("generatorRuns") == 0)
        #expect(without.notes.map(\.kind) == [.without(part: "generator", "ngram")])
        #expect(throws: EngineError.self) { try blind.rank(text, options: Self.ngrams(.trained)) }

        // Set once more, then removed.
        try TinySample.setGenerator(in: place)
        #expect(try InstallableParts.remove(GeneratorPart.kind, from: URL(filePath: place)))
        #expect(try !InstallableParts.remove(GeneratorPart.kind, from: URL(filePath: place)))
        let manifest = try TinySample.open(place).manifest
        #expect(contents(manifest) == contents(before.manifest))
        let isGone = try Self.names(place).allSatisfy { !$0.hasPrefix("generator") }
        // The engines above hold what they opened.
        #expect(!isGone)
        withExtendedLifetime((engine, blind)) {}
    }

    @Test("A folder that nobody reads any more goes with the next change") func collected() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let names = try Self.names(place)
        try TinySample.setGenerator(in: place)
        #expect(try Self.names(place).count == names.count + 1)
        #expect(try InstallableParts.remove(GeneratorPart.kind, from: URL(filePath: place)))
        #expect(try Self.names(place) == names)
    }

    @Test("What is no generator of the index is refused, and changes nothing") func generatorRefusals() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let lexical = folder.path("lexical")
        try Sample.lexical.get().write(to: lexical)
        let manifest = try Data(contentsOf: URL(filePath: place + "/manifest.json"))
        let names = try Self.names(place)
        func refused(_ generator: URL, into place: String) -> String {
            do {
                try TinySample.setGenerator(in: place, from: generator)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refused(URL(filePath: folder.path("absent")), into: place).contains("absent"))
        #expect(refused(TinySample.generator, into: folder.path("absent")).contains("absent"))
        #expect(refused(TinySample.encoder, into: place).contains("model_type is bert"))
        #expect(refused(TinySample.generator, into: lexical).contains("without an encoder"))
        let isUnchanged = try Data(contentsOf: URL(filePath: place + "/manifest.json")) == manifest
        #expect(isUnchanged)
        #expect(try folder.names() == ["index", "lexical"])
        #expect(try Self.names(place) == names)
    }

    // MARK: Query encoders

    private func scores(_ engine: Engine, _ text: String, _ retriever: ComponentID) throws -> [Float] {
        var options = SearchOptions(retriever)
        options[NgramRetriever.self].search.beams = 4
        return try engine.rank(text, options: options).hits.map(\.score)
    }

    @Test("A query encoder: used for vectors but not for states, and taken out", arguments: [nil, 20_000])
    func queryEncoder(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        try TinySample.setGenerator(in: place)
        let before = try TinySample.open(place)
        let other = try TinySample.otherEncoder(URL(filePath: folder.path("other")))
        _ = try QueryEncoderPart.set(other, in: URL(filePath: place), models: TinySample.models)
        let engine = try TinySample.open(place)
        #expect(engine.manifest.part(QueryEncoderPart.kind) != nil)
        try engine.reader.verify()
        let space = try SpaceReport(engine.reader.snapshot)
        let bytes = space.items.first { $0.name == "query-encoder/model.safetensors" }?.bytes
        #expect(try #require(bytes) > 10_000)
        let encoder = try SentenceEncoder(directory: other)
        for query in try Sample.queries().prefix(6) {
            let encoded = try engine.reader.query(query.text)
            let vector = encoder.encodeQuery(query.text).vector
            let isOwn = encoded.vector == vector
            #expect(isOwn)
            let areShared =
                try before.reader.query(query.text)[GeneratorModel.Source.self]?.states
                == encoded[GeneratorModel.Source.self]?.states
            #expect(areShared)
            // Passages keep their vectors.
            let all = try engine.reader.components(DenseIndex.self).flatMap { index in
                let asked = index.query(vector)
                return (0..<Int32(index.count)).map { asked.similarity($0) }
            }
            let best = Array(all.sorted(by: >).prefix(10))
            #expect(try scores(engine, query.text, "dense") == best)
            #expect(try scores(before, query.text, "dense") != best)
            #expect(try scores(engine, query.text, "docid") != scores(before, query.text, "docid"))
            #expect(try scores(engine, query.text, "ngram") == scores(before, query.text, "ngram"))
        }
        #expect(try InstallableParts.remove(QueryEncoderPart.kind, from: URL(filePath: place)))
        #expect(try !InstallableParts.remove(QueryEncoderPart.kind, from: URL(filePath: place)))
        #expect(contents(try TinySample.open(place).manifest) == contents(before.manifest))
    }

    @Test("The index's own weights give the same answers") func sameWeights() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let before = try TinySample.open(place)
        _ = try QueryEncoderPart.set(TinySample.encoder, in: URL(filePath: place), models: TinySample.models)
        let engine = try TinySample.open(place)
        for query in try Sample.queries().prefix(6) {
            for retriever in [DenseRetriever.id, DocidRetriever.id] {
                #expect(try scores(engine, query.text, retriever) == scores(before, query.text, retriever))
            }
        }
    }

    @Test("What is no query encoder of the index is refused, and changes nothing") func encoderRefusals() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let lexical = folder.path("lexical")
        try Sample.lexical.get().write(to: lexical)
        let manifest = try Data(contentsOf: URL(filePath: place + "/manifest.json"))
        let names = try Self.names(place)
        func refused(_ encoder: URL, into place: String) -> String {
            do {
                _ = try QueryEncoderPart.set(encoder, in: URL(filePath: place), models: TinySample.models)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refused(URL(filePath: folder.path("absent")), into: place).contains("absent"))
        #expect(
            refused(TinySample.models.directory.appending(path: "tiny_mpnet"), into: place).contains("another shape"))
        #expect(refused(TinySample.encoder, into: lexical).contains("without an encoder"))
        let isUnchanged = try Data(contentsOf: URL(filePath: place + "/manifest.json")) == manifest
        #expect(isUnchanged)
        #expect(try Self.names(place) == names)
    }

    @Test("Parts have names") func names() throws {
        for part in InstallableParts.all { #expect(try InstallableParts.named(part.kind.name).kind == part.kind) }
        #expect { try InstallableParts.named("genrator") } throws: {
            "\($0)".contains("generator, docids, query-encoder")
        }
    }
}
