import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Ranking
import SampleIndexes
import Search
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct GeneratorTests {
    private func options(_ generator: NgramRetriever.Generator?) -> SearchOptions {
        var options = SearchOptions("ngram")
        options[NgramRetriever.self].generator = generator
        options[NgramRetriever.self].search.beams = 5
        options[NgramRetriever.self].search.titleLength = 10
        return options
    }

    @Test("Segments answer as one index does") func segments() throws {
        let folder = try TemporaryFolder()
        var engines: [Engine] = []
        for limit in [nil, 20_000] {
            let place = folder.path("index-\(limit ?? 0)")
            try TinySample.build(at: place, segmentTokens: limit)
            try TinySample.setGenerator(in: place)
            engines.append(try Engine.open(place, models: TinySample.models, precision: .float32))
        }
        #expect(engines.map(\.manifest.segments.count).max() ?? 0 > 1)
        for query in try Sample.queries().prefix(12) {
            let results = try engines.map { try $0.rank(query.text, options: options(.trained)) }
            #expect(results[0].hits.map(\.id) == results[1].hits.map(\.id))
            #expect(results[0].hits.map(\.score) == results[1].hits.map(\.score))
            #expect(results[0].count("keys") == results[1].count("keys"))
        }
    }

    @Test("Without a damaged or missing generator n-grams run as they do untrained, with a note") func damage() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        try TinySample.setGenerator(in: place)
        let file = try TinySample.folder(of: GeneratorPart.kind, in: place).appending(path: "model.safetensors")
        let whole = try Data(contentsOf: file)
        var bytes = whole
        bytes[bytes.count - 7] ^= 1
        try bytes.write(to: file)
        let engine = try TinySample.open(place)
        let untrained = try engine.rank("bread", options: options(.untrained))
        #expect(untrained.notes.isEmpty && !untrained.hits.isEmpty)
        for _ in 0..<2 {
            let found = try engine.rank("bread", options: options(nil))
            #expect(found.count("generatorRuns") == 0 && found.hits.map(\.score) == untrained.hits.map(\.score))
            #expect(found.notes.map(\.kind) == [.without(part: "generator", "ngram")])
            #expect(
                found.notes[0].description.contains("generator-")
                    && found.notes[0].description.contains("/model.safetensors"))
            // Who asks for it is told.
            #expect { try engine.rank("bread", options: options(.trained)) } throws: { error in
                if case EngineError.unavailable(["ngram"], because: .storage(.foreign)) = error { true } else { false }
            }
            #expect { try engine.rank("bread", options: Self.reranked) } throws: { error in
                if case EngineError.cannotRerank(because: .storage(.foreign)) = error { true } else { false }
            }
        }
        #expect(throws: (any Error).self) { try engine.reader.verify() }
        // Everything else answers.
        #expect(try engine.rank("bread").retrievers == ["ngram", "docid", "dense", "bm25"])
        try FileManager.default.removeItem(at: file)
        let other = try TinySample.open(place)
        #expect(throws: EngineError.self) { try other.rank("bread", options: options(.trained)) }
        // What failed is tried again, by the engine that met it.
        try whole.write(to: file)
        #expect(try engine.rank("bread", options: options(nil)).count("generatorRuns") == 1)
        #expect(try engine.rank("bread", options: options(nil)).notes.isEmpty)
        #expect(try other.rank("bread", options: options(.trained)).count("generatorRuns") == 1)
    }

    private static var reranked: SearchOptions {
        var options = SearchOptions("bm25")
        options.rerank = 3
        return options
    }

    @Test("One that writes no passages is no help to n-grams") func otherTasks() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let other = try TinySample.generator(
            URL(filePath: folder.path("other")), replacing: "\"body\"", with: "\"other\"")
        try TinySample.setGenerator(in: place, from: other)
        let engine = try TinySample.open(place)
        #expect(
            try engine.rank("bread", options: options(nil)).notes.map(\.kind) == [.without(part: "generator", "ngram")])
        #expect { try engine.rank("bread", options: options(.trained)) } throws: { error in
            if case EngineError.unavailable(["ngram"], because: .notTrained) = error { true } else { false }
        }
    }
}
