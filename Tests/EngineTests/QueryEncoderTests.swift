import Engine
import Foundation
import Indexer
import Memory
import Ranking
import Testing
import Transformers

@Suite struct QueryEncoderTests {
    private let base = TinySample.models.directory.appending(path: "tiny_bert")

    private func options(_ kinds: RetrieverKind...) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = Set(kinds)
        options.ngram.beams = 4
        return options
    }

    private func scores(_ engine: Engine, _ text: String, _ kind: RetrieverKind) throws -> [Float] {
        try engine.search(text, options(kind)).hits.map(\.score)
    }

    /// Weights beside the tiny encoder's, with all that a sentence encoder needs.
    private func other(_ folder: TemporaryFolder) throws -> URL {
        let place = URL(filePath: folder.path("other"))
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for name in ["config.json", "tokenizer.json"] {
            try FileManager.default.copyItem(at: base.appending(path: name), to: place.appending(path: name))
        }
        let tensors = try Safetensors(contentsOf: base.appending(path: "model.safetensors"))
        var writer = SafetensorsWriter()
        for entry in tensors.entries where entry.type == .float32 {
            let values = try tensors.floats(entry.name, shape: entry.shape).toArray()
            let changed = values.enumerated().map { $1 + Float($0 % 7) * 0.02 }
            writer.add(entry.name, shape: entry.shape, FrozenArray(changed))
        }
        try writer.write(to: place.appending(path: "model.safetensors"))
        return place
    }

    @Test("Put in, used for vectors but not for states, and taken out", arguments: [nil, 20_000])
    func life(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, segmentTokens: segmentTokens)
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        let before = try Engine.open(place, models: TinySample.models)
        let other = try other(folder)
        let described = try QueryEncoderInstall.install(other.path, into: place, models: TinySample.models)
        let engine = try Engine.open(place, models: TinySample.models)
        #expect(engine.manifest.queryEncoder == described)
        try engine.verify()
        let bytes = engine.spaceReport().first { $0.name == "query-encoder/model.safetensors" }?.bytes
        #expect(try #require(bytes) > 10_000)
        let encoder = try SentenceEncoder(directory: other)
        for query in try Sample.queries().prefix(6) {
            let encoded = try engine.queries.encode(query.text)
            let vector = encoder.encodeQuery(query.text).vector
            #expect(encoded.vector == vector)
            let states = try before.queries.encode(query.text).source?.states
            #expect(encoded.source?.states == states)
            // Passages keep their vectors.
            var all: [Float] = []
            for segment in engine.segments.segments { all += try #require(segment.dense).similarities(vector) }
            let best = Array(all.sorted(by: >).prefix(10))
            #expect(try scores(engine, query.text, .dense) == best)
            #expect(try scores(before, query.text, .dense) != best)
            let docids = try scores(before, query.text, .docid)
            #expect(try scores(engine, query.text, .docid) != docids)
            let ngrams = try scores(before, query.text, .ngram)
            #expect(try scores(engine, query.text, .ngram) == ngrams)
        }
        #expect(try QueryEncoderInstall.remove(from: place))
        #expect(try !QueryEncoderInstall.remove(from: place))
        #expect(!FileManager.default.fileExists(atPath: place + "/query-encoder"))
        #expect(try Engine.open(place, models: TinySample.models).manifest == before.manifest)
    }

    @Test("The index's own weights give the same answers") func untrained() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let before = try Engine.open(place, models: TinySample.models)
        try QueryEncoderInstall.install(base.path, into: place, models: TinySample.models)
        let engine = try Engine.open(place, models: TinySample.models)
        for query in try Sample.queries().prefix(6) {
            for kind in [RetrieverKind.dense, .docid] {
                let expected = try scores(before, query.text, kind)
                #expect(try scores(engine, query.text, kind) == expected)
            }
        }
    }

    @Test("Only a pass that is needed is made") func passes() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try QueryEncoderInstall.install(base.path, into: place, models: TinySample.models)
        let queries = try Engine.open(place, models: TinySample.models).queries
        let vector = try queries.encode("bread", withStates: false)
        #expect(vector.vector != nil && vector.source == nil)
        let states = try queries.encode("bread", withVector: false)
        #expect(states.vector == nil && states.source != nil)
        let none = try queries.encode("bread", withVector: false, withStates: false)
        #expect(none.vector == nil && none.source == nil)
    }

    @Test("A damaged one is refused where it is needed, and nowhere else") func damage() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try GeneratorInstall.install(TinySample.generator, into: place, models: TinySample.models)
        try QueryEncoderInstall.install(base.path, into: place, models: TinySample.models)
        let file = URL(filePath: place + "/query-encoder/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 100] ^= 1
        try bytes.write(to: file)
        let engine = try Engine.open(place, models: TinySample.models)
        for _ in 0..<2 {
            #expect { try engine.search("bread", options(.dense)) } throws: {
                "\($0)".contains("query-encoder/model.safetensors") && "\($0)".contains("genret dense set")
            }
        }
        #expect(throws: EngineError.self) { try engine.search("bread", options(.docid, .bm25)) }
        #expect(throws: EngineError.self) { try engine.verify() }
        #expect(try engine.search("bread", options(.ngram, .bm25)).hits.count == 10)
        try FileManager.default.removeItem(at: file)
        let again = try Engine.open(place, models: TinySample.models)
        #expect { try again.search("bread", options(.dense)) } throws: { "\($0)".contains("cannot be read") }
    }

    @Test("What does not fit is refused, and changes nothing") func refusals() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let manifest = try Data(contentsOf: URL(filePath: place + "/manifest.json"))
        func refused(_ encoder: String, into place: String) -> String {
            do {
                try QueryEncoderInstall.install(encoder, into: place, models: TinySample.models)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refused(folder.path("absent"), into: place).contains("absent"))
        #expect(refused(TinySample.models.directory.path + "/tiny_mpnet", into: place).contains("another shape"))
        let lexical = folder.path("lexical")
        try Sample.lexical.get().write(to: lexical)
        #expect(refused(base.path, into: lexical).contains("without an encoder"))
        #expect(try Data(contentsOf: URL(filePath: place + "/manifest.json")) == manifest)
        #expect(!FileManager.default.fileExists(atPath: place + "/query-encoder"))
    }
}
