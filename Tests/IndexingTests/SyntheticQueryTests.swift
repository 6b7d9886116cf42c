import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing

/// Generating, filtering and storing queries of an index.
@Suite struct SyntheticQueryTests {
    private struct Place {
        let folder: TemporaryFolder
        let index: String

        init() throws {
            folder = try TemporaryFolder()
            index = folder.path("index")
            try Sample.lexical.get().write(to: index)
        }

        func engine() throws -> Engine { try Engine.open(index) }

        func items(_ generator: String) throws -> [PassageQueries.Item] {
            let queries = try #require(try engine().reader.queries(of: generator))
            return try (0..<queries.count).map { try queries.item($0) }
        }

        /// The files besides the lock.
        func files() throws -> [String: Data] {
            var files = try BuiltIndex.files(of: index)
            files[".lock"] = nil
            return files
        }

        func file(of generator: String) throws -> Data {
            let folder = try TinySample.folder(of: SyntheticQueriesPart.kind(of: generator), in: index)
            return try Data(contentsOf: folder.appending(path: SyntheticQueriesPart.fileName))
        }
    }

    private func update(
        _ place: Place, _ name: QueryGenerators.Name, _ edit: (inout SyntheticQueryBuilder.Options) -> Void = { _ in }
    ) throws -> SyntheticQueryBuilder.Report {
        var options = SyntheticQueryBuilder.Options()
        edit(&options)
        let reports = try SyntheticQueryBuilder.update(place.index, options: options) { [try name.make(for: $0)] }
        return try #require(reports.first)
    }

    @Test("The same seed gives the same bytes, on any number of threads") func deterministic() throws {
        var files: [[String: Data]] = []
        for threads in [1, 3] {
            let place = try Place()
            for name in [QueryGenerators.Name.spans, .sentences, .terms, .title] {
                let report = try update(place, name) {
                    $0.threads = threads; $0.passages = 40
                }
                #expect(report.passages == 40 && report.kept > 0 && report.kept <= report.made)
            }
            files.append(try place.files())
            #expect(try place.engine().reader.queryGenerators == ["sentences", "spans", "terms", "title"])
        }
        #expect(files[0].keys.sorted() == files[1].keys.sorted())
        for (name, bytes) in files[0] { #expect(files[1][name] == bytes, "\(name)") }
        let (one, other) = (try Place(), try Place())
        _ = try update(one, .spans) { $0.passages = 40 }
        _ = try update(other, .spans) {
            $0.passages = 40; $0.seed = 2
        }
        let areEqual = try one.file(of: "spans") == other.file(of: "spans")
        #expect(!areEqual)
    }

    @Test("A query generator's queries are replaced, the others stay, the manifest counts them") func replaced() throws
    {
        let place = try Place()
        _ = try update(place, .title)
        let titles = try place.items("title")
        let first = try update(place, .sentences) { $0.perPassage = 1 }
        let second = try update(place, .sentences) { $0.perPassage = 2 }
        #expect(second.made > first.made)
        let areKept = try place.items("title") == titles
        #expect(areKept)
        let engine = try place.engine()
        let parts = engine.manifest.parts(below: SyntheticQueriesPart.kind)
        #expect(parts.map(\.kind) == ["queries/sentences", "queries/title"])
        let described = try parts[0].description.decoded(as: SyntheticQueriesPart.Description.self)
        #expect(described.generator == "sentences")
        #expect(described.count == second.kept && described.made == second.made)
        #expect(described.keep == 20 && described.filter == [BM25Retriever.id])
        #expect(try place.items("sentences").count == second.kept)
        try engine.reader.verify()
        let space = try SpaceReport(engine.reader.snapshot)
        #expect(space.items.contains { $0.name == "queries/title/queries.gnr" && $0.bytes > 4096 })
        // What was replaced is gone.
        let folders = try FileManager.default.contentsOfDirectory(atPath: place.index).filter {
            $0.hasPrefix("queries")
        }
        #expect(folders.sorted() == parts.map(\.files.folder).sorted())
    }

    @Test("The filter keeps what a search ranks so high", arguments: [1, 3, 20]) func filter(keep: Int) throws {
        let place = try Place()
        _ = try update(place, .title) { $0.filter.keep = 0 }
        let all = try place.items("title")
        #expect(all.allSatisfy { $0.rank == nil })
        let report = try update(place, .title) { $0.filter.keep = keep }
        #expect(report.made == all.count)
        let engine = try place.engine()
        var options = SearchOptions("bm25")
        options.depth = engine.count
        var expected: [PassageQueries.Item] = []
        for item in all {
            let hits = try engine.rank(item.text, hits: engine.count, options: options).hits.map(\.candidate)
            guard let own = hits.first(where: { $0.passage.rawValue == item.document }) else { continue }
            let rank =
                1
                + hits.count {
                    $0.score > own.score || ($0.score == own.score && $0.passage < own.passage)
                }
            if rank <= keep { expected.append(.init(document: item.document, text: item.text, rank: rank)) }
        }
        let found = try place.items("title")
        #expect(found.count == expected.count)
        for (one, other) in zip(found, expected) { #expect(one == other) }
    }

    @Test("What cannot run, and what is interrupted, changes nothing") func refusals() throws {
        let place = try Place()
        let before = try place.files()
        #expect {
            try update(place, .title) { $0.filter.retrievers = [DenseRetriever.id] }
        } throws: { error in
            if case EngineError.unavailable(["dense"], because: .noEncoder) = error { true } else { false }
        }
        #expect { try update(place, .generator) } throws: { error in
            if case EngineError.noPart(kind: "generator", index: _) = error { true } else { false }
        }
        #expect { try update(place, .model) } throws: { error in
            if case IndexingError.missingInput(generator: "model", what: _) = error { true } else { false }
        }
        let raised = WorkMonitor(cancellation: Cancellation { true })
        #expect(throws: Cancelled.self) {
            try SyntheticQueryBuilder.update(place.index, options: .init(), monitor: raised) { _ in [TitleQueries()] }
        }
        let isUnchanged = try place.files() == before
        #expect(isUnchanged)
    }

    @Test("With an encoder and a generator") func generator() throws {
        let folder = try TemporaryFolder()
        let index = folder.path("index")
        try TinySample.build(at: index)
        try TinySample.setGenerator(in: index)
        var options = SyntheticQueryBuilder.Options()
        options.passages = 12
        func update(_ retrievers: [ComponentID]) throws -> SyntheticQueryBuilder.Report {
            options.filter = RoundTripFilter(keep: 30, retrievers: retrievers)
            let reports = try SyntheticQueryBuilder.update(index, options: options, models: TinySample.models) {
                [try QueryGenerators.Name.generator.make(for: $0)]
            }
            return try #require(reports.first)
        }
        let either = try update(["bm25", "dense"])
        let lexical = try update(["bm25"])
        #expect(either.made == lexical.made && either.made > 12)
        #expect(either.kept >= lexical.kept)
        // The generator that stands in the index stays.
        #expect(try TinySample.open(index).manifest.part(GeneratorPart.kind) != nil)
    }
}
