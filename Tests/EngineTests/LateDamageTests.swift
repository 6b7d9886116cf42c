import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing

/// Damage in a section that is so large that it is checked while it is in use.
@Suite struct LateDamageTests {
    /// An index whose texts and n-grams are larger than what is checked at once, with one byte of a file's largest section
    /// changed.
    private func damaged(_ file: String) throws -> (place: String, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 3)
        var passages = (0..<8000).map { number in
            let words = (0..<60).map { _ in String(UInt32.random(in: 0..<(1 << 28), using: &random), radix: 26) }
            return Passage(id: "p\(number)", text: words.joined(separator: " "))
        }
        passages[77].text = "a needle in the hay"
        var options = IndexOptions()
        options.encoder = nil
        let place = folder.path("index")
        _ = try IndexBuilder(corpus: folder.corpus(passages), destination: place, options: options).build()
        let manifest = try Engine.open(place).manifest
        let path = "\(place)/\(manifest.segments[0].files.folder)/\(file)"
        var bytes = try Data(contentsOf: URL(filePath: path))
        let large = try #require(try Container.sections(of: path).max { $0.length < $1.length })
        #expect(large.length > 1 << 20)
        bytes[large.offset + large.length / 2] ^= 0x10
        try bytes.write(to: URL(filePath: path))
        return (place, folder)
    }

    @Test("A damaged file takes its retriever away, and no answer comes from it") func retriever() throws {
        let (place, folder) = try damaged("ngrams.gnr")
        _ = folder
        let engine = try Engine.open(place, waitsForChecks: true)
        let found = try engine.rank("needle hay")
        #expect(found.hits.first?.id == "p77" && found.lists.map(\.retriever) == ["bm25"])
        #expect(found.notes.contains { "\($0)".contains("checksum") })
        #expect(throws: EngineError.self) { try engine.rank("needle hay", options: SearchOptions("ngram")) }
        // Who does not wait is told by the time that the file has been read.
        let other = try Engine.open(place)
        _ = try other.rank("needle hay")
        other.reader.snapshot.checks.finish()
        #expect(try other.rank("needle hay").lists.map(\.retriever) == ["bm25"])
    }

    @Test("Nothing is copied out of a damaged file") func writing() throws {
        let (place, folder) = try damaged("passages.gnr")
        _ = folder
        let before = try Engine.open(place).manifest
        let more = try folder.corpus([Passage(id: "new", text: "one more")])
        #expect(throws: StorageError.self) { try IndexChange(place).add(more) }
        #expect(throws: StorageError.self) { try IndexChange(place).delete(ids: ["p3"]) }
        #expect(try Engine.open(place).manifest == before)
    }
}
