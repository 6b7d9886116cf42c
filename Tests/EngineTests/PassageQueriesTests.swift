import Engine
import Foundation
import IndexStore
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing

/// Files of queries, and the part that holds one.
@Suite struct PassageQueriesTests {
    private let items: [PassageQueries.Item] = [
        .init(document: 0, text: "who is it?", rank: 1), .init(document: 0, text: "où", rank: nil),
        .init(document: 7, text: "what\tis it", rank: 20),
    ]

    private func open(_ path: String, _ count: Int = 8) throws -> PassageQueries {
        try PassageQueries(Container(path: path, kind: PassageQueries.fileKind), documentCount: count)
    }

    private func write(_ items: [PassageQueries.Item], to path: String) throws {
        try PassageQueries.write(items, to: ContainerWriter(path: path, kind: PassageQueries.fileKind))
    }

    @Test func roundTrip() throws {
        let folder = try TemporaryFolder()
        for items in [items, []] {
            let path = folder.path("\(items.count).gnr")
            try write(items, to: path)
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
        try write(items, to: path)
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
        try FileManager.default.removeItem(atPath: path)
        try write(Array(items.reversed()), to: path)
        #expect(throws: StorageError.self) { try open(path) }
    }

    private func description(count: Int) -> SyntheticQueriesPart.Description {
        .init(generator: "title", count: count, made: count, passages: 210, keep: 0, filter: [], seed: 1)
    }

    private func install(_ index: URL, saying count: Int) throws {
        var transaction = try IndexTransaction(index)
        try transaction.install(
            SyntheticQueriesPart.self, kind: SyntheticQueriesPart.kind(of: "title"),
            description: description(count: count)
        ) { folder, _ in
            try PassageQueries.write(
                items, to: folder.writer(SyntheticQueriesPart.fileName, kind: PassageQueries.fileKind))
        }
        _ = try transaction.commit()
    }

    @Test("A manifest that counts otherwise, a damaged file, a missing one") func mismatch() throws {
        let folder = try TemporaryFolder()
        let index = URL(filePath: folder.path("index"))
        try Sample.lexical.get().write(to: index.path)
        #expect(try Engine.open(index.path).reader.queries(of: "title") == nil)
        #expect { try install(index, saying: 4) } throws: { "\($0)".contains("3 queries, the manifest says 4") }
        #expect(try Engine.open(index.path).reader.queryGenerators.isEmpty)
        try install(index, saying: 3)
        let engine = try Engine.open(index.path)
        #expect(engine.reader.queryGenerators == ["title"])
        #expect(try engine.reader.queries(of: "title")?.item(0) == items[0])
        let record = try #require(engine.manifest.part("queries/title"))
        let file = index.appending(path: record.files.folder).appending(path: SyntheticQueriesPart.fileName)
        try FileManager.default.removeItem(at: file)
        try write([items[0]], to: file.path)
        #expect { try engine.reader.queries(of: "title") } throws: { error in
            if case StorageError.foreign = error { true } else { false }
        }
        #expect(throws: StorageError.self) { try engine.reader.verify() }
        try FileManager.default.removeItem(at: file)
        #expect { try engine.reader.queries(of: "title") } throws: { "\($0)".contains("queries.gnr") }
        #expect(try !engine.search("bread").candidates.isEmpty)
    }
}
