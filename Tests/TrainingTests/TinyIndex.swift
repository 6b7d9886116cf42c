import Engine
import Foundation
import Indexer
import Testing
import Training
import Transformers

/// An index of the sample corpus under the tiny encoder beside the tests, in a folder that goes away.
final class TinyIndex {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let models = ModelCache(directory: root.appending(path: "Tests/TransformersTests/Fixtures"))
    static let sample = root.appending(path: "corpora/sample").path

    let folder = FileManager.default.temporaryDirectory.appending(path: "genret-training-\(UUID().uuidString)")
    let engine: Engine

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "index").path
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 0
        _ = try IndexBuilder(
            corpus: Self.sample, destination: path, options: options, models: Self.models
        ).build()
        engine = try Engine.open(path, models: Self.models)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func place(_ name: String) -> URL { folder.appending(path: name) }

    /// The weights that a training wrote.
    func weights(_ name: String) throws -> Data {
        try Data(contentsOf: place(name + "/model.safetensors"))
    }

    /// The index as it is now.
    func reopened() throws -> Engine { try Engine.open(engine.path, models: Self.models) }

    /// The sample's questions, a share of them held out.
    func pairs(heldOut: Double = 0.2) throws -> QueryPairs {
        var pairs = QueryPairs()
        let unknown = try pairs.addLabelled(
            queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv", engine: engine)
        #expect(unknown == 0)
        pairs.holdOut(share: heldOut, limit: 100, seed: 1)
        return pairs
    }
}
