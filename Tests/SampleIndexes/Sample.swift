import Corpora
import Engine
import Evaluation
import Foundation
import Indexing
import Search
import TestSupport
import Transformers

/// The sample corpus, and indexes of it that are built once for all tests.
public enum Sample {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    public static let path = root.appending(path: "corpora/sample").path

    public static func queries() throws -> [Corpora.Query] { try Queries.read(path: path) }
    public static func qrels() throws -> Qrels { try Qrels.read(path: path) }

    public static let hasEncoder = ModelCache.standard.directory(of: KnownModel.defaultEncoder) != nil

    /// Without an encoder: n-grams and BM25.
    public static let lexical = Result { try BuiltIndex(corpus: path, encoder: nil) }
    /// With the default encoder: all retrievers.
    public static let full = Result { try BuiltIndex(corpus: path, encoder: KnownModel.defaultEncoder) }
}

/// An opened index with the bytes of its files. Its folder stays until the tests end: an engine reads files when
/// they are first needed.
public struct BuiltIndex: Sendable {
    public let engine: Engine
    /// By the path inside the index.
    public let files: [String: Data]
    private let folder: TemporaryFolder

    public init(corpus: String, encoder: String?) throws {
        folder = try TemporaryFolder("genret-index")
        let place = folder.path("index")
        var options = IndexOptions()
        options.encoder = encoder
        options.generator = nil
        options.quantisedDocids = encoder == nil ? nil : true
        // With an encoder each costs a moment, and weights need no precision here.
        if encoder != nil { options.pseudoQueries = 40 }
        _ = try IndexBuilder(corpus: corpus, destination: place, options: options).build()
        engine = try Engine.open(place)
        files = try Self.files(of: place)
    }

    public static func files(of place: String) throws -> [String: Data] {
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
    public func write(to place: String) throws {
        for (name, bytes) in files {
            let file = URL(filePath: place + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
    }
}

extension TemporaryFolder {
    /// Everything in the folder, hidden names too.
    public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// Writes passages as lines of JSON and returns the file.
    public func corpus(_ passages: [(id: String, title: String, text: String)]) throws -> String {
        try corpus(passages.map { Passage(id: $0.id, title: $0.title, text: $0.text) })
    }

    /// The same of passages that may have fields.
    public func corpus(_ passages: [Passage]) throws -> String {
        var writer = try CorpusWriter(path: path("corpus.jsonl"))
        for passage in passages { try writer.write(passage) }
        try writer.finish()
        return path("corpus.jsonl")
    }
}
