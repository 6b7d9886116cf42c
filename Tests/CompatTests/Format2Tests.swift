import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Ranking
import Search
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// An index that genret 0.1.0 wrote, with every part that it knew.
@Suite struct Format2Tests {
    private let folder: TemporaryFolder
    private let index: String

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Fixtures/format2")
    private static let models = ModelCache(
        directory: fixtures.appending(path: "../../../TransformersTests/Fixtures").standardizedFileURL)

    init() throws {
        folder = try TemporaryFolder()
        index = folder.path("index.genret")
        try FileManager.default.copyItem(
            at: Self.fixtures.appending(path: "index"), to: URL(filePath: index))
    }

    /// A search of which the old genret left a run.
    struct Search: Sendable, CustomTestStringConvertible {
        let name: String
        var change: @Sendable (inout SearchOptions) -> Void = { _ in }

        var testDescription: String { name }
    }

    static let searches = [
        Search(name: "default"), Search(name: "ngram") { $0.retrievers = ["ngram"] },
        Search(name: "docid") { $0.retrievers = ["docid"] }, Search(name: "dense") { $0.retrievers = ["dense"] },
        Search(name: "docids-tree") { $0[DocidRetriever.self].docids = .tree },
        Search(name: "rerank") { $0.rerank = 5 },
    ].filter {
        // Runs whose generator worked in 8 bits cannot be had again where AVX2 rounds its activations more coarsely.
        Precision.int8Instructions != "AVX2" || ["docid", "dense"].contains($0.name)
    }

    private func expectRun(_ search: Search) throws {
        let engine = try Engine.open(index, models: Self.models)
        var options = SearchOptions()
        // The old genret had no other scores.
        options[NgramRetriever.self].search.scoring = .seal
        search.change(&options)
        let expected = try TRECRun.read(path: Self.fixtures.appending(path: search.name + ".run").path)
        for query in try Queries.read(path: Self.fixtures.appending(path: "queries.jsonl").path) {
            let found = try engine.rank(query.text, hits: 5, options: options)
            #expect(found.notes.isEmpty)
            let entries = found.hits.map { TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score)) }
            let old = expected.results[query.id] ?? []
            #expect(entries.map(\.passage) == old.map(\.passage), "\(query.id)")
            // Runs have six digits.
            #expect(
                zip(entries, old).allSatisfy { abs($0.score - $1.score) < 1e-5 * max(1, abs($1.score)) }, "\(query.id)")
        }
    }

    @Test("It answers as it did", arguments: searches) func answers(search: Search) throws { try expectRun(search) }

    @Test("Its parts and estimates are there, and every byte is checked") func parts() throws {
        let reader = try Engine.open(index, models: Self.models).reader
        try reader.verify()
        let manifest = reader.manifest
        #expect(manifest.format == 2 && manifest.passages == 24)
        #expect(
            manifest.parts.map(\.kind.name)
                == ["docids", "generator", "queries/labelled", "queries/title", "query-encoder", "tokenizer"])
        #expect(
            manifest.estimates.filter(manifest.isValid).map(\.id.name).sorted() == [
                "fusion", "fusion", "fusion", "key-constants", "look-ahead",
            ])
        #expect(try reader.queries(of: "labelled")?.count == 31)
    }

    @Test("The first change makes it one of the current format, with the same answers") func changed() throws {
        #expect(try InstallableParts.remove("queries/title", from: URL(filePath: index)))
        let manifest = try Engine.open(index, models: Self.models).manifest
        #expect(manifest.format == IndexManifest.currentFormat)
        #expect(!FileManager.default.fileExists(atPath: index + "/queries/title.gnr"))
        #expect(FileManager.default.fileExists(atPath: index + "/queries/labelled.gnr"))
        for search in Self.searches { try expectRun(search) }
        try IndexReader(IndexSnapshot.open(URL(filePath: index)), models: Self.models).verify()
    }

    @Test("Replaced as a whole, nothing of it is left") func replaced() throws {
        let corpus = folder.path("corpus.jsonl")
        try Data("{\"_id\": \"a\", \"text\": \"Bread needs flour.\"}\n".utf8).write(to: URL(filePath: corpus))
        var options = IndexOptions()
        options.encoder = nil
        var builder = IndexBuilder(corpus: corpus, destination: index, options: options, models: Self.models)
        builder.replacesExisting = true
        _ = try builder.build()
        let left = try FileManager.default.contentsOfDirectory(atPath: index)
        #expect(
            left.allSatisfy {
                !["segment-0001", "generator", "docids", "query-encoder", "queries", "tokenizer.json"].contains($0)
            })
        #expect(try Engine.open(index).search("bread").candidates.map(\.docid) == ["a"])
    }

    @Test("A format of the future is refused by its number", arguments: [1, 4]) func others(format: Int) throws {
        let file = URL(filePath: index + "/manifest.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(text.replacing("\"format\" : 2", with: "\"format\" : \(format)").utf8).write(to: file)
        #expect {
            try Engine.open(index, models: Self.models)
        } throws: { error in
            guard case EngineError.storage(.unsupportedFormat(_, let found, let supported)) = error else {
                return false
            }
            return found == format && supported == 2...3
        }
    }
}
