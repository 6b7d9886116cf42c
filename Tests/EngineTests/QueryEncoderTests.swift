import Engine
import Foundation
import Indexing
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing
import Transformers

/// An index with a query encoder of its own.
@Suite struct QueryEncoderTests {
    private func place(_ folder: TemporaryFolder, hasGenerator: Bool = false) throws -> String {
        let place = folder.path("index")
        try TinySample.build(at: place)
        if hasGenerator { try TinySample.setGenerator(in: place) }
        _ = try QueryEncoderPart.set(TinySample.encoder, in: URL(filePath: place), models: TinySample.models)
        return place
    }

    @Test("Only a pass that is needed is made") func passes() throws {
        let folder = try TemporaryFolder()
        let reader = try TinySample.open(try place(folder)).reader
        let vector = try reader.query("bread", needs: .vector)
        #expect(vector.vector != nil && vector[GeneratorModel.Source.self] == nil)
        let states = try reader.query("bread", needs: .states)
        #expect(states.vector == nil && states[GeneratorModel.Source.self] != nil)
        let none = try reader.query("bread", needs: [])
        #expect(none.vector == nil && none[GeneratorModel.Source.self] == nil)
        let both = try reader.query("bread")
        #expect(both.vector == vector.vector)
    }

    @Test("A damaged one takes away what needs it, and nothing else") func damage() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder, hasGenerator: true)
        let file = try TinySample.folder(of: QueryEncoderPart.kind, in: place).appending(path: "model.safetensors")
        let whole = try Data(contentsOf: file)
        var bytes = whole
        bytes[bytes.count - 100] ^= 1
        try bytes.write(to: file)
        let engine = try TinySample.open(place)
        for _ in 0..<2 {
            let result = try engine.rank("bread, water, flour, salt, light, night, sea, air, heat and year")
            #expect(result.retrievers == ["ngram", "bm25"] && result.hits.count == 10)
            #expect(result.count("generatorRuns") == 1)
            #expect(result.notes.map(\.kind) == [.absent(["docid", "dense"])])
            #expect(result.notes[0].description.contains("query-encoder-"))
            #expect { try engine.rank("bread", options: SearchOptions("dense")) } throws: { error in
                if case EngineError.unavailable(["dense"], because: .storage(.foreign)) = error { true } else { false }
            }
        }
        #expect(throws: EngineError.self) { try engine.rank("bread", options: SearchOptions("docid", "bm25")) }
        #expect(throws: (any Error).self) { try engine.reader.verify() }
        try FileManager.default.removeItem(at: file)
        let again = try TinySample.open(place)
        #expect(throws: EngineError.self) { try again.rank("bread", options: SearchOptions("dense")) }
        // Mended, it runs again.
        try whole.write(to: file)
        #expect(try engine.rank("bread").retrievers.count == 4 && again.rank("bread").notes.isEmpty)
    }
}
