import Engine
import Foundation
import IndexStore
import SampleIndexes
import Search
import TestSupport
import Testing

/// An index on disk of which one file at a time is damaged. It has every file, and an encoder that is quickly read.
struct Victim {
    let folder: TemporaryFolder
    let files: [String: Data]
    let manifest: IndexManifest
    var place: String { folder.path("index") }

    init() throws {
        folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        files = try BuiltIndex.files(of: place)
        manifest = try IndexSnapshot.open(URL(filePath: place)).manifest
    }

    /// Files by the last part of their names.
    func file(_ name: String) throws -> String {
        try #require(files.keys.first { $0 == name || $0.hasSuffix("/" + name) })
    }

    func with(_ name: String, _ bytes: Data?, _ body: () throws -> Void) throws {
        let file = URL(filePath: place + "/" + name)
        if let bytes { try bytes.write(to: file) } else { try FileManager.default.removeItem(at: file) }
        try body()
        try files[name]?.write(to: file)
    }

    func open() throws(EngineError) -> Engine { try Engine.open(place, models: TinySample.models) }

    /// What cannot run without a file; nil where no search can.
    static func retrievers(of name: String) -> Set<ComponentID>? {
        switch URL(filePath: name).lastPathComponent {
        case "ngrams.gnr": ["ngram"]
        case "terms.gnr": ["bm25"]
        case "vectors.gnr": ["dense"]
        case "sentences.gnr", "docids.gnr": []
        default: nil
        }
    }

    /// How many notes a search has without a file: n-grams and docids do without the terms, and say so beside BM25, which does not run.
    /// Docids of passages stand in for those of sentences, and nobody misses them where these are there.
    static func notes(of name: String) -> Int {
        switch URL(filePath: name).lastPathComponent {
        case "terms.gnr": 3
        case "docids.gnr": 0
        default: 1
        }
    }

    /// Expects what is wrong with a file to be told, and that what does without it answers.
    func expectTold(_ name: String, _ what: String) throws {
        guard name != "manifest.json" else {
            #expect(throws: EngineError.self, "\(name) \(what)") { try open() }
            return
        }
        let engine = try open()
        #expect(throws: (any Error).self, "\(name) \(what)") { try engine.reader.verify() }
        guard let lost = Self.retrievers(of: name) else {
            #expect(throws: EngineError.self, "\(name) \(what)") { try engine.search("sourdough starter") }
            return
        }
        let result = try engine.search("sourdough starter")
        #expect(Set(result.timings.keys).isDisjoint(with: lost.map(\.name)), "\(name) \(what)")
        #expect(!result.candidates.isEmpty && result.notes.count == Self.notes(of: name), "\(name) \(what)")
        #expect(result.notes.allSatisfy { $0.contains(name) }, "\(name) \(what)")
        for retriever in lost {
            #expect(throws: EngineError.self) {
                try engine.rank("bread", options: SearchOptions(retriever, "bm25", "dense"))
            }
        }
    }
}
