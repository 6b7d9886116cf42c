import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import Synchronization
import TestSupport
import Testing

/// An index that follows a folder. More sequences than here: GENRET_SEQUENCES=10000 scripts/test --filter FolderSyncTests
@Suite struct FolderSyncTests {
    private static let sequences = Int(ProcessInfo.processInfo.environment["GENRET_SEQUENCES"] ?? "") ?? 16

    @Test(
        "After any sequence of edits the index holds what one that is built of the folder holds",
        .timeLimit(.minutes(600)))
    func sequences() throws {
        for seed in 0..<UInt64(Self.sequences) {
            var model = try FolderModel(seed: seed, encoder: seed % 8 == 7 ? "tiny_bert" : nil)
            if seed % 4 == 1 { try model.build() }
            try model.check(model.sync())
            for step in 0..<8 {
                for _ in 0..<(1 + step % 3) { try model.edit() }
                if step % 2 == 1 { try model.meddle() }
                try model.check(model.sync())
            }
            try model.verify()
        }
    }

    private struct Notes {
        let place: TemporaryFolder
        var folder: String { place.path("notes") }
        var index: String { place.path("index") }

        init(_ files: [String: String]) throws {
            place = try TemporaryFolder()
            for (name, text) in files { try write(name, text) }
        }

        func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

        func write(_ name: String, _ bytes: Data) throws {
            let url = URL(filePath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: url)
        }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }

        var sync: FolderSync {
            var sync = FolderSync(index, folder)
            (sync.options.encoder, sync.options.pseudoQueries) = (nil, 0)
            return sync
        }

        func texts() throws -> [String: String] {
            let reader = try Engine.open(index).reader
            return Dictionary(
                uniqueKeysWithValues: try reader.livingPlaces().map {
                    let passage = try reader.passage(PassageIndex($0))
                    return (passage.id, passage.text)
                })
        }
    }

    private typealias Files = FolderSync.Report.Files

    private func files(
        added: [String] = [], changed: [String] = [], removed: [String] = [], adopted: [String] = [],
        kept: [String] = [], unchanged: Int = 0
    ) -> Files {
        var files = Files()
        (files.added, files.changed, files.removed) = (added, changed, removed)
        (files.adopted, files.kept, files.unchanged) = (adopted, kept, unchanged)
        return files
    }

    @Test("Only what differs is written, in one generation") func differences() throws {
        let notes = try Notes(["a.txt": "one\n\ntwo", "b.txt": "three", "c.txt": "four"])
        var first = notes.sync
        first.reading.passageWords = 1
        first.reading.overlapWords = 0
        let made = try first.run()
        #expect(made.files == files(added: ["a.txt", "b.txt", "c.txt"]) && made.build != nil && made.added == 4)
        #expect(made.manifest?.generation == 1)
        let stored = try #require(made.manifest).options
        #expect(IndexOptions(stored).corpus.obeysIgnoreFiles && IndexOptions(stored).corpus.passageWords == 1)
        try notes.write("a.txt", "one\n\nfive")
        try notes.remove("b.txt")
        try notes.write("d.txt", "three")
        var dry = notes.sync
        dry.change.isDryRun = true
        let would = try dry.run()
        // How the folder is read is remembered.
        let report = try notes.sync.run()
        for done in [would, report] {
            #expect(done.files == files(added: ["d.txt"], changed: ["a.txt"], removed: ["b.txt"], unchanged: 1))
            #expect(done.added == 1 && done.replaced == 1 && done.deleted == 1 && !done.isSame)
        }
        #expect(report.manifest?.generation == 2)
        #expect(try notes.texts() == ["a.txt#1": "one", "a.txt#2": "five", "c.txt#1": "four", "d.txt#1": "three"])
        // Other options: all files are read anew.
        var other = notes.sync
        other.reading.passageWords = 120
        #expect(try other.run().files == files(changed: ["a.txt"], unchanged: 2))
        // Segments that are written anew hold the same, which is known without reading anything.
        #expect(try IndexChange(notes.index).compact(.all).compacted > 1)
        let reader = try Engine.open(notes.index).reader
        #expect(try reader.folder()?.description.content == reader.manifest.contentDigest)
        #expect(try notes.texts() == ["a.txt#1": "one\nfive", "c.txt#1": "four", "d.txt#1": "three"])
        #expect(try notes.sync.run().isSame)
    }

    @Test("An index that was built of the folder takes up what it has") func adoption() throws {
        let notes = try Notes(["a.txt": "one", "b.txt": "two", "gone.txt": "three"])
        let sync = notes.sync
        _ = try IndexBuilder(corpus: notes.folder, destination: notes.index, options: sync.options).build()
        try notes.remove("gone.txt")
        try notes.write("b.txt", "four")
        let report = try sync.run()
        #expect(report.files == files(changed: [], adopted: ["a.txt"]) || report.files.added == ["b.txt"])
        #expect(report.added == 0 && report.replaced == 1 && report.deleted == 0 && report.others == 1)
        #expect(try notes.texts() == ["a.txt#1": "one", "b.txt#1": "four", "gone.txt#1": "three"])
        // Or all of it came from there.
        try FileManager.default.removeItem(atPath: notes.index)
        try notes.write("gone.txt", "three")
        _ = try IndexBuilder(corpus: notes.folder, destination: notes.index, options: sync.options).build()
        try notes.remove("gone.txt")
        var whole = sync
        whole.claimsAll = true
        #expect(try whole.run().deleted == 1)
        #expect(try notes.texts() == ["a.txt#1": "one", "b.txt#1": "four"])
    }

    @Test("Passages from elsewhere stay, and are not overwritten") func elsewhere() throws {
        let notes = try Notes(["a.txt": "one", "b.jsonl": "{\"id\":\"x\",\"text\":\"two\"}"])
        _ = try notes.sync.run()
        let change = IndexChange(notes.index)
        _ = try change.add(try notes.place.corpus([("y", "", "five")]))
        try notes.write("b.jsonl", "")
        #expect(try notes.sync.run().others == 1)
        #expect(try notes.texts() == ["a.txt#1": "one", "y": "five"])
        let before = try BuiltIndex.files(of: notes.index)
        try notes.write("b.jsonl", "{\"id\":\"y\",\"text\":\"six\"}")
        #expect(throws: IndexingError.passageElsewhere(id: "y", file: "b.jsonl", index: notes.index)) {
            try notes.sync.run()
        }
        #expect(try BuiltIndex.files(of: notes.index) == before)
        // The same passage is the folder's from then on.
        try notes.write("b.jsonl", "{\"id\":\"y\",\"text\":\"five\"}")
        #expect(try notes.sync.run().others == 0)
        try notes.write("b.jsonl", "{\"id\":\"y\",\"text\":\"six\"}")
        #expect(try notes.sync.run().replaced == 1)
        // What somebody else deletes or replaces comes back.
        _ = try change.delete(ids: ["y"])
        _ = try change.add(try notes.place.corpus([("a.txt#1", "", "other")]), replaces: true)
        let report = try notes.sync.run()
        #expect(report.added == 1 && report.replaced == 1)
        #expect(try notes.texts() == ["a.txt#1": "one", "y": "six"])
    }

    @Test("Ids that stand in two files are the first file's, whichever is read") func contested() throws {
        func line(_ text: String) -> String { "{\"id\":\"x\",\"text\":\"\(text)\"}\n" }
        let notes = try Notes(["b.jsonl": line("b"), "c.jsonl": line("c")])
        let first = try notes.sync.run()
        #expect(
            first.corpus.badLines.map(\.description) == [
                "\(notes.folder)/c.jsonl:1: the identifier \"x\" is already used in b.jsonl"
            ])
        #expect(try notes.texts() == ["x": "b"])
        try notes.write("a.jsonl", line("a"))
        #expect(try notes.sync.run().replaced == 1)
        #expect(try notes.texts() == ["x": "a"])
        try notes.remove("a.jsonl")
        _ = try notes.sync.run()
        #expect(try notes.texts() == ["x": "b"])
        try notes.remove("b.jsonl")
        _ = try notes.sync.run()
        #expect(try notes.texts() == ["x": "c"])
        try notes.write("a.jsonl", line("a"))
        var strict = notes.sync
        strict.isStrict = true
        #expect(throws: CorpusError.self) { try strict.run() }
    }

    @Test("A file that cannot be read is named and stays what it was") func unreadable() throws {
        let notes = try Notes(["a.txt": "one"])
        let gzip = try Compressed.gzip("two and three")
        try notes.write("b.txt.gz", gzip)
        _ = try notes.sync.run()
        #expect(try notes.texts()["b.txt.gz#1"] == "two and three")
        try notes.write("b.txt.gz", gzip.prefix(gzip.count - 4))
        try notes.write("c.txt.gz", gzip.prefix(12))
        try notes.write("a.txt", "four")
        let report = try notes.sync.run()
        #expect(report.files == files(changed: ["a.txt"], kept: ["b.txt.gz"]))
        #expect(report.faults.map(\.name) == ["b.txt.gz", "c.txt.gz"] && report.faults[0].reason.contains("damaged"))
        #expect(try notes.texts() == ["a.txt#1": "four", "b.txt.gz#1": "two and three"])
        // It is tried again each time.
        #expect(try notes.sync.run().faults.count == 2)
        try notes.write("b.txt.gz", Compressed.gzip("five"))
        try notes.remove("c.txt.gz")
        #expect(try notes.sync.run().files == files(changed: ["b.txt.gz"], unchanged: 1))
    }

    @Test("A folder that cannot be opened keeps all that was in it", .enabled(if: getuid() != 0)) func closed() throws {
        let notes = try Notes(["a.txt": "one", "sub/b.txt": "two", "sub/deep/c.txt": "three"])
        _ = try notes.sync.run()
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: notes.folder + "/sub")
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: notes.folder + "/sub")
        }
        try notes.write("a.txt", "four")
        #expect(try notes.sync.run().files == files(changed: ["a.txt"], kept: ["sub/b.txt", "sub/deep/c.txt"]))
    }

    @Test("Nothing is deleted because a folder is empty, unless that is meant") func empty() throws {
        let notes = try Notes(["a.txt": "one"])
        _ = try notes.sync.run()
        try notes.remove("a.txt")
        #expect(throws: IndexingError.folderEmpty(path: notes.folder, index: notes.index)) { try notes.sync.run() }
        #expect(try notes.texts().count == 1)
        var sync = notes.sync
        sync.allowsEmpty = true
        #expect(try sync.run().deleted == 1)
        #expect(try notes.texts().isEmpty && notes.sync.run().isSame)
        try notes.write("b.txt", "two")
        #expect(try notes.sync.run().added == 1)
        #expect(try notes.texts() == ["b.txt#1": "two"])
        #expect(throws: CorpusError.self) { try FolderSync(notes.place.path("new"), notes.place.path("none")).run() }
        let nothing = try Notes([".hidden": ""])
        #expect(throws: CorpusError.self) { try nothing.sync.run() }
    }

    @Test("Names that are no text, links in circles, and an index within the folder") func oddFiles() throws {
        let notes = try Notes(["a.txt": "one"])
        let odd = Array((notes.folder + "/b").utf8) + [0xff] + Array(".txt".utf8)
        let file = odd.withUnsafeBufferPointer { _ in fopen(odd.map { CChar(bitPattern: $0) } + [0], "w") }
        fputs("two", file)
        fclose(file)
        try FileManager.default.createSymbolicLink(atPath: notes.folder + "/loop", withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(atPath: notes.folder + "/self", withDestinationPath: "self")
        var sync = FolderSync(notes.folder + "/own.genret", notes.folder)
        (sync.options.encoder, sync.options.pseudoQueries, sync.reading.followLinks) = (nil, 0, true)
        sync.reading.include = ["*.json"]
        #expect(try sync.run().files.added == ["a.txt", "b\\xFF.txt"])
        // The index is no file of the folder.
        #expect(try sync.run().isSame)
        let reader = try Engine.open(notes.folder + "/own.genret").reader
        #expect(try reader.folder()?.files.map(\.name.count) == [5, 6])
        #expect(try reader.passage(withID: "b%FF.txt#1") != nil)
    }

    /// Changes a file while a segment is written, so many times.
    private final class Meddler: SegmentStage {
        private let left: Mutex<Int>
        private let meddle: @Sendable (Int) -> Void

        init(_ times: Int, _ meddle: @escaping @Sendable (Int) -> Void) {
            left = Mutex(times)
            self.meddle = meddle
        }

        func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
            let number = left.withLock { number -> Int in
                number -= 1
                return number
            }
            if number >= 0 { meddle(number) }
        }
    }

    @Test("A file that changes or goes meanwhile is looked at anew") func race() throws {
        let notes = try Notes(["a.txt": "one"])
        let folder = notes.folder
        for isNew in [true, false] {
            var sync = notes.sync
            sync.change.stages = [
                Meddler(1) { _ in try? Data("two \(isNew)".utf8).write(to: URL(filePath: folder + "/a.txt")) }
            ]
            if !isNew { try notes.write("a.txt", "three") }
            _ = try sync.run()
            #expect(try notes.texts() == ["a.txt#1": "two \(isNew)"])
        }
        try notes.write("b.txt", "four")
        var sync = notes.sync
        sync.change.stages = [Meddler(1) { _ in try? FileManager.default.removeItem(atPath: folder + "/b.txt") }]
        #expect(try sync.run().isSame)
        #expect(try notes.texts().keys.sorted() == ["a.txt#1"])
        let before = try BuiltIndex.files(of: notes.index)
        try notes.write("b.txt", "four")
        sync.change.stages = [
            Meddler(9) { number in try? Data("five \(number)".utf8).write(to: URL(filePath: folder + "/b.txt")) }
        ]
        #expect(throws: IndexingError.folderChanges(path: folder, file: "b.txt")) { try sync.run() }
        #expect(try BuiltIndex.files(of: notes.index) == before)
    }

    @Test("What is remembered is checked") func damage() throws {
        let notes = try Notes(["a.txt": "one", "b.jsonl": "{\"id\":\"x\",\"text\":\"two\"}"])
        _ = try notes.sync.run()
        let manifest = try #require(try Engine.open(notes.index).reader.manifest.part("folder"))
        let file = URL(filePath: notes.index + "/\(manifest.files.folder)/files.gnr")
        let bytes = try Data(contentsOf: file)
        for place in [0, 70, 4096, bytes.count - 1] {
            var damaged = bytes
            damaged[place] ^= 1
            try damaged.write(to: file)
            #expect(throws: (any Error).self) { try notes.sync.run() }
        }
        try bytes.write(to: file)
        #expect(try notes.sync.run().isSame)
        // Forgotten, it is taken up again.
        #expect(try InstallableParts.remove("folder", from: URL(filePath: notes.index)))
        #expect(try notes.sync.run().files == files(adopted: ["a.txt", "b.jsonl"]))
    }
}

/// Compressed texts.
enum Compressed {
    /// Stored blocks, which need no compressor.
    static func gzip(_ text: String) throws -> Data {
        let bytes = Array(text.utf8)
        var data = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])
        let count = UInt16(bytes.count)
        for word in [count, ~count] { data += [UInt8(word & 0xff), UInt8(word >> 8)] }
        data += bytes
        var sum: UInt32 = ~0
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        for word in [~sum, UInt32(bytes.count)] {
            for shift in 0..<4 { data.append(UInt8(word >> UInt32(8 * shift) & 0xff)) }
        }
        return data
    }
}
