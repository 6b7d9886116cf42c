import Engine
import Foundation
import Indexing
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing
import Training
import Transformers

/// An index of the sample corpus under the tiny encoder beside the tests, in a folder that goes away.
final class TinyIndex {
    static let models = TinySample.models
    static let sample = Sample.path

    let folder: TemporaryFolder
    let engine: Engine
    var path: URL { URL(filePath: engine.path) }
    var reader: IndexReader { engine.reader }

    /// - Parameter corpus: another than the sample.
    init(corpus: String = sample, segmentTokens: Int? = nil) throws {
        folder = try TemporaryFolder("genret-training")
        try TinySample.build(
            at: folder.path("index"), segmentTokens: segmentTokens, corpus: corpus, pseudoQueries: 0, vectors: .float32)
        engine = try TinySample.open(folder.path("index"))
    }

    func place(_ name: String) -> URL { URL(filePath: folder.path(name)) }

    /// The weights that a training wrote.
    func weights(_ name: String) throws -> Data { try Data(contentsOf: place(name + "/model.safetensors")) }

    /// The index as it is now.
    func reopened() throws -> Engine { try TinySample.open(engine.path) }

    /// Puts what a training wrote into the index.
    func set<Part: InstallablePart>(_ type: Part.Type, _ name: String) throws {
        _ = try type.set(place(name), in: path, models: Self.models)
    }

    /// The sample's questions, a share of them held out.
    func pairs(heldOut: Double = 0.2, limit: Int = 100, copies: Int = 1) throws -> QueryPairs {
        var pairs = QueryPairs()
        for _ in 0..<copies {
            try pairs.addLabelled(
                queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv", index: reader)
        }
        pairs.holdOut(share: heldOut, limit: limit, seed: 1)
        return pairs
    }

    /// Half of the sample corpus, in a file.
    func halfCorpus() throws -> String {
        let lines = try String(contentsOfFile: Self.sample + "/corpus.jsonl", encoding: .utf8).split(separator: "\n")
        let half = lines.prefix(lines.count / 2).joined(separator: "\n")
        try half.write(toFile: folder.path("half.jsonl"), atomically: true, encoding: .utf8)
        return folder.path("half.jsonl")
    }
}
