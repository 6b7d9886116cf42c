import Engine
import Foundation
import Indexer
import Ranking
import Storage
import Testing

/// Making, filtering and storing queries of an index.
@Suite struct QueryBuilderTests {
    private struct Place {
        let folder: TemporaryFolder
        let index: String

        init() throws {
            folder = try TemporaryFolder()
            index = folder.path("index")
            try Sample.lexical.get().write(to: index)
        }

        func engine() throws -> Engine { try Engine.open(index) }

        func items(_ maker: String) throws -> [PassageQueries.Item] {
            let queries = try #require(try engine().passageQueries(maker))
            return try (0..<queries.count).map { try queries.item($0) }
        }
    }

    private func build(
        _ place: Place, _ name: QueryMakers.Name, _ edit: (inout QueryBuilder.Options) -> Void = { _ in }
    ) throws -> QueryBuilder.Report {
        let engine = try place.engine()
        var options = QueryBuilder.Options()
        edit(&options)
        return try QueryBuilder(engine, options: options).run(QueryMakers.maker(name, for: engine))
    }

    @Test("The same seed gives the same bytes, on any number of threads") func deterministic() throws {
        var files: [[String: Data]] = []
        for threads in [1, 3] {
            let place = try Place()
            for name in [QueryMakers.Name.spans, .sentences, .terms, .title] {
                let report = try build(place, name) { $0.threads = threads; $0.passages = 40 }
                #expect(report.passages == 40 && report.kept > 0 && report.kept <= report.made)
            }
            files.append(try BuiltIndex.files(of: place.index))
        }
        #expect(files[0] == files[1])
        #expect(files[0].keys.filter { $0.hasPrefix("queries/") }.sorted() == [
            "queries/sentences.gnr", "queries/spans.gnr", "queries/terms.gnr", "queries/title.gnr",
        ])
        let place = try Place()
        _ = try build(place, .spans) { $0.passages = 40; $0.seed = 2 }
        #expect(try BuiltIndex.files(of: place.index)["queries/spans.gnr"] != files[0]["queries/spans.gnr"])
    }

    @Test("A maker's queries are replaced, the others stay, the manifest counts them") func replaced() throws {
        let place = try Place()
        _ = try build(place, .title)
        let titles = try place.items("title")
        let first = try build(place, .sentences) { $0.perPassage = 1 }
        let second = try build(place, .sentences) { $0.perPassage = 2 }
        #expect(second.made > first.made)
        #expect(try place.items("title") == titles)
        let described = try #require(try place.engine().manifest.queries)
        #expect(described.map(\.maker) == ["sentences", "title"])
        #expect(described[0].count == second.kept && described[0].made == second.made)
        #expect(described[0].keep == 20 && described[0].filter == [.bm25])
        #expect(try place.items("sentences").count == second.kept)
        let engine = try place.engine()
        try engine.verify()
        #expect(engine.spaceReport().contains { $0.name == "queries/title.gnr" && $0.bytes > 4096 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.index + "/queries").sorted() == [
            "sentences.gnr", "title.gnr",
        ])
    }

    @Test("The filter keeps what a search ranks so high", arguments: [1, 3, 20]) func filter(keep: Int) throws {
        let place = try Place()
        _ = try build(place, .title) { $0.filter.keep = 0 }
        let all = try place.items("title")
        #expect(all.allSatisfy { $0.rank == nil })
        let report = try build(place, .title) { $0.filter.keep = keep }
        #expect(report.made == all.count)
        let engine = try place.engine()
        var options = SearchOptions()
        options.retrievers = [.bm25]
        options.k = engine.count
        options.depth = engine.count
        var expected: [PassageQueries.Item] = []
        for item in all {
            let hits = try engine.search(item.text, options).hits
            guard let own = hits.first(where: { $0.document == item.document }) else { continue }
            let rank = 1 + hits.count {
                $0.score > own.score || ($0.score == own.score && $0.document < own.document)
            }
            if rank <= keep { expected.append(.init(document: item.document, text: item.text, rank: rank)) }
        }
        #expect(try place.items("title") == expected)
    }

    @Test("What cannot run, and what is interrupted, changes nothing") func refusals() throws {
        let place = try Place()
        let before = try BuiltIndex.files(of: place.index)
        #expect { try build(place, .title) { $0.filter.retrievers = [.dense] } } throws: {
            "\($0)".contains("dense cannot run")
        }
        #expect { try build(place, .generator) } throws: { "\($0)".contains("no trained generator") }
        #expect(throws: IndexingError.self) { try build(place, .model) }
        let engine = try place.engine()
        var builder = QueryBuilder(engine)
        builder.isCancelled = { true }
        #expect(throws: IndexingError.self) { try builder.run(TitleMaker()) }
        #expect(try BuiltIndex.files(of: place.index) == before)
    }

    @Test("With an encoder and a generator") func generator() throws {
        let folder = try TemporaryFolder()
        let index = folder.path("index")
        try TinySample.build(at: index)
        try GeneratorInstall.install(TinySample.generator, into: index, models: TinySample.models)
        let engine = try Engine.open(index, models: TinySample.models)
        var options = QueryBuilder.Options()
        options.passages = 12
        options.filter = RoundTripFilter(keep: 30, retrievers: [.bm25, .dense])
        let either = try QueryBuilder(engine, options: options).run(
            QueryMakers.maker(.generator, for: engine))
        options.filter.retrievers = [.bm25]
        let lexical = try QueryBuilder(engine, options: options).run(
            QueryMakers.maker(.generator, for: engine))
        #expect(either.made == lexical.made && either.made > 12)
        #expect(either.kept >= lexical.kept)
        // The generator that stands in the manifest stays.
        #expect(try Engine.open(index, models: TinySample.models).manifest.generator != nil)
    }
}

/// Files of queries.
@Suite struct PassageQueriesTests {
    private let items: [PassageQueries.Item] = [
        .init(document: 0, text: "who is it?", rank: 1), .init(document: 0, text: "où", rank: nil),
        .init(document: 7, text: "what\tis it", rank: 20),
    ]

    private func open(_ path: String, _ count: Int = 8) throws -> PassageQueries {
        try PassageQueries(Container(path: path, kind: PassageQueries.fileKind), documentCount: count)
    }

    @Test func roundTrip() throws {
        let folder = try TemporaryFolder()
        for items in [items, []] {
            let path = folder.path("\(items.count).gnr")
            try PassageQueries.write(items, to: path)
            let read = try open(path)
            #expect(read.count == items.count)
            #expect(try (0..<read.count).map { try read.item($0) } == items)
        }
        let read = try open(folder.path("3.gnr"))
        #expect(read.places(of: 0) == 0..<2 && read.places(of: 3).isEmpty && read.places(of: 7) == 2..<3)
    }

    @Test func damage() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("q.gnr")
        try PassageQueries.write(items, to: path)
        #expect { try open(path, 7) } throws: { "\($0)".contains("contradict") }
        let whole = try Data(contentsOf: URL(filePath: path))
        for place in [3, 70, 4_096, whole.count - 1] {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: URL(filePath: path))
            #expect(throws: StorageError.self) { try open(path) }
        }
        try whole.prefix(whole.count - 5).write(to: URL(filePath: path))
        #expect(throws: StorageError.self) { try open(path) }
        // Passages that fall.
        try PassageQueries.write(Array(items.reversed()), to: path)
        #expect(throws: StorageError.self) { try open(path) }
    }

    @Test("A manifest that counts otherwise, or a missing file") func mismatch() throws {
        let folder = try TemporaryFolder()
        let index = folder.path("index")
        try Sample.lexical.get().write(to: index)
        let engine = try Engine.open(index)
        #expect(try engine.passageQueries("title") == nil)
        _ = try QueryBuilder(engine).run(TitleMaker())
        let file = index + "/queries/title.gnr"
        try PassageQueries.write(items, to: file)
        let opened = try Engine.open(index)
        #expect { try opened.passageQueries("title") } throws: { "\($0)".contains("3 queries, the manifest says") }
        #expect(throws: EngineError.self) { try opened.verify() }
        try FileManager.default.removeItem(atPath: file)
        #expect { try opened.passageQueries("title") } throws: { "\($0)".contains("title.gnr") }
        #expect(try !opened.search("bread").hits.isEmpty)
    }
}
