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

/// Passages that are added, replaced and deleted: what is refused, and what a change leaves behind.
@Suite struct ChangeTests {
    private func place(_ folder: TemporaryFolder) throws -> String {
        let place = folder.path("index")
        try Sample.lexical.get().write(to: place)
        return place
    }

    private func found(_ place: String, _ text: String) throws -> [String] {
        try Engine.open(place).rank(text, hits: 3).hits.map(\.id)
    }

    @Test("What cannot be done leaves the index as it was") func refusals() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        let before = try BuiltIndex.files(of: place)
        let change = IndexChange(place)
        let twice = try folder.corpus([("new", "", "something new"), ("sourdough-starter", "", "an id that is there")])
        #expect(throws: IndexingError.passageExists(id: "sourdough-starter", index: place)) { try change.add(twice) }
        #expect(throws: IndexingError.noPassages(count: 2, first: "x", index: place)) {
            try change.delete(ids: ["x", "sourdough-starter", "y"])
        }
        #expect(throws: (any Error).self) { try change.add(folder.path("nothing.jsonl")) }
        var dry = change
        dry.isDryRun = true
        let would = try dry.add(twice, replaces: true)
        #expect(would.added == 1 && would.replaced == 1)
        #expect(try dry.delete(ids: ["sourdough-starter", "x"], isLenient: true).deleted == 1)
        #expect(try change.delete(ids: ["x"], isLenient: true).deleted == 0)
        #expect(try change.compact(.all).compacted == 0)
        var after = try BuiltIndex.files(of: place)
        after[".lock"] = nil
        #expect(after == before)
    }

    @Test("A change is one generation, and a reader keeps the one before") func generations() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        let reader = try Engine.open(place)
        let old = try reader.rank("sourdough starter").hits.map(\.id)
        #expect(old.first == "sourdough-starter")
        let change = IndexChange(place)
        let report = try change.add(
            try folder.corpus([("sourdough-starter", "A zebra", "Nothing of bread."), ("zebra", "", "Another zebra.")]),
            replaces: true)
        #expect(report.added == 1 && report.replaced == 1 && report.manifest.generation == 2)
        #expect(report.manifest.passages == 211 && report.manifest.segments.count == 2)
        #expect(try reader.rank("sourdough starter").hits.map(\.id) == old)
        #expect(try !found(place, "sourdough starter").contains("sourdough-starter"))
        #expect(try Set(found(place, "zebra")) == ["sourdough-starter", "zebra"])
        #expect(try reader.reload() && reader.count == 211)
        // Estimates know how many passages they have not seen.
        #expect(report.manifest.passages(after: 1) == 2 && report.manifest.passages(after: 2) == 0)
        let compacted = try change.compact(.all)
        #expect(compacted.compacted == 2 && compacted.manifest.segments.count == 1)
        #expect(compacted.manifest.passages == 211 && compacted.manifest.passages(after: 1) == 2)
        #expect(try Set(found(place, "zebra")) == ["sourdough-starter", "zebra"])
        try Engine.open(place).reader.verify()
    }

    @Test("Everything may be deleted, and something added again") func emptied() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, corpus: try folder.corpus([("a", "A", "bread"), ("b", "", "salt")]))
        let change = IndexChange(place, models: TinySample.models)
        #expect(try change.delete(ids: ["a", "b"]).manifest.passages == 0)
        let empty = try TinySample.open(place)
        #expect(try empty.search("bread").candidates.isEmpty && empty.count == 0)
        #expect(throws: EngineError.noPassage(id: "a")) { try empty.explain("bread", docid: "a") }
        #expect(try change.compact(.all).compacted == 0)
        let report = try change.add(try folder.corpus([("a", "A", "bread")]))
        #expect(report.added == 1 && report.manifest.segments.count == 1)
        #expect(try TinySample.open(place).search("bread").candidates.map(\.docid) == ["a"])
    }

    @Test("A segment of another tokenizer is refused, whatever the manifest says") func foreignSegment() throws {
        let folder = try TemporaryFolder()
        let (place, other) = (folder.path("a"), folder.path("b"))
        for (place, texts) in [(place, "bread and salt"), (other, "stars and moons")] {
            var options = IndexOptions()
            (options.encoder, options.pseudoQueries) = (nil, 0)
            let corpus = try folder.corpus([(texts, "", texts)])
            _ = try IndexBuilder(corpus: corpus, destination: place, options: options).build()
        }
        let name = try join(place, other)
        let engine = try Engine.open(place)
        try engine.reader.verify()
        #expect(
            throws: EngineError.mismatch(
                path: place, what: "\(name) was made with another tokenizer than the index has")
        ) {
            try engine.reader.verify(isDeep: true)
        }
        let response = try engine.search("moons")
        #expect(response.notes.contains { $0.contains("another tokenizer") })
        #expect(response.candidates.map(\.docid) == ["stars and moons"])
    }

    @Test("An id that stands twice is found by a deep look") func twice() throws {
        let folder = try TemporaryFolder()
        let (place, other) = (folder.path("a"), folder.path("b"))
        try TinySample.build(at: place, corpus: try folder.corpus([("a", "A", "bread"), ("b", "", "salt")]))
        try TinySample.build(at: other, corpus: try folder.corpus([("c", "", "stars"), ("a", "", "moons")]))
        try TinySample.open(place).reader.verify(isDeep: true)
        try join(place, other)
        #expect(throws: EngineError.mismatch(path: place, what: "two passages have the id \"a\"")) {
            try TinySample.open(place).reader.verify(isDeep: true)
        }
    }

    /// Puts the segment of another index behind those of an index, by hand.
    ///
    /// - Returns: its folder.
    @discardableResult
    private func join(_ place: String, _ other: String) throws -> String {
        let segment = try IndexSnapshot.open(URL(filePath: other)).manifest.segments[0]
        let name = segment.files.folder
        try FileManager.default.copyItem(atPath: other + "/" + name, toPath: place + "/" + name)
        let file = URL(filePath: place + "/manifest.json")
        var manifest = try JSONDecoder().decode(IndexManifest.self, from: Data(contentsOf: file))
        manifest.segments.append(segment)
        try JSONEncoder().encode(manifest).write(to: file)
        return name
    }

    @Test("Deleted passages that are damaged are an error, not an answer") func damage() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        let manifest = try IndexChange(place).delete(ids: ["sourdough-starter"]).manifest
        let deleted = try #require(manifest.segments[0].deleted)
        for file in deleted.files.files {
            let path = place + "/" + deleted.files.folder + "/" + file.name
            let bytes = try Data(contentsOf: URL(filePath: path))
            var damaged = bytes
            damaged[file.name == "deleted.gnr" ? 200 : damaged.count / 2] ^= 1
            try damaged.write(to: URL(filePath: path))
            #expect(throws: (any Error).self) { try Engine.open(place).reader.verify() }
            if file.name == "deleted.gnr" {
                #expect(throws: (any Error).self) { try Engine.open(place).search("bread") }
            }
            try bytes.write(to: URL(filePath: path))
        }
        try Engine.open(place).reader.verify()
        #expect(try Engine.open(place).count == 209)
    }
}
