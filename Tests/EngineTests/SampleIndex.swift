import Corpora
import Engine
import Evaluation
import Foundation
import Indexer
import Transformers

/// The sample corpus, and indexes of it that are built once for all tests.
enum Sample {
    static let path = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "corpora/sample").path

    static func queries() throws -> [Query] { try Queries.read(path: path) }
    static func qrels() throws -> Qrels { try Qrels.read(path: path) }

    static let hasEncoder = ModelCache.standard.directory(of: KnownModel.defaultEncoder) != nil

    /// Without an encoder: n-grams and BM25.
    static let lexical = Result { try BuiltIndex(corpus: path, encoder: nil) }
    /// With the default encoder: all retrievers.
    static let full = Result { try BuiltIndex(corpus: path, encoder: KnownModel.defaultEncoder) }
}

/// An opened index with the bytes of its files; its folder is gone, the mappings live on.
struct BuiltIndex: Sendable {
    let engine: Engine
    /// By the path inside the index.
    let files: [String: Data]

    init(corpus: String, encoder: String?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        var options = IndexOptions()
        options.encoder = encoder
        // With an encoder each costs a moment, and weights need no precision here.
        if encoder != nil { options.pseudoQueries = 40 }
        _ = try IndexBuilder(corpus: corpus, destination: place, options: options).build()
        engine = try Engine.open(place)
        files = try Self.files(of: place)
    }

    static func files(of place: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: place) {
            var isFolder: ObjCBool = false
            let file = place + "/" + name
            if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue {
                files[name] = try Data(contentsOf: URL(filePath: file))
            }
        }
        return files
    }

    /// Writes the index anew.
    func write(to place: String) throws {
        for (name, bytes) in files {
            let file = URL(filePath: place + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
    }
}

/// A folder that goes away with the test that made it.
final class TemporaryFolder {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "genret-engine-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { root + "/" + name }

    /// Everything in the folder, hidden names too.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: root).sorted() }

    /// Writes passages as lines of JSON and returns the file.
    func corpus(_ passages: [(id: String, title: String, text: String)]) throws -> String {
        let encoder = JSONEncoder()
        let lines = try passages.map { passage in
            let object = ["_id": passage.id, "title": passage.title, "text": passage.text]
            return String(decoding: try encoder.encode(object), as: UTF8.self) + "\n"
        }
        try Data(lines.joined().utf8).write(to: URL(filePath: path("corpus.jsonl")))
        return path("corpus.jsonl")
    }
}

extension Engine {
    /// The run of all sample questions.
    func run(_ options: SearchOptions) throws -> TRECRun {
        var run = TRECRun()
        for query in try Sample.queries() {
            let hits = try search(query.text, options).hits
            run.set(hits.map { .init(passage: Identifier($0.id), score: Double($0.score)) }, query: query.id)
        }
        return run
    }

    func measure(_ measure: Measure, _ options: SearchOptions) throws -> Double {
        let evaluator = Evaluator(qrels: try Sample.qrels(), options: .init(measures: [measure]))
        return evaluator.evaluate(try run(options)).mean(of: measure)
    }
}
