import Foundation
import IndexStore
import Search
import Storage
import TestSupport
import Testing

@Suite struct TransactionTests {
    private let folder: TemporaryFolder
    private let index: String

    init() throws {
        folder = try TemporaryFolder()
        index = folder.path("a.index")
    }

    @Test("An index is created, changed, replaced") func life() throws {
        try NoteIndex.create(index, [1, 2, 3])
        #expect(try NoteIndex.contents(index) == "[1, 2, 3] - -")
        try NoteIndex.set("one", in: index)
        try NoteIndex.estimate(0.5, in: index)
        #expect(try NoteIndex.contents(index) == "[1, 2, 3] one 0.5")
        #expect(try IndexSnapshot.open(URL(filePath: index)).manifest.generation == 3)
        try NoteIndex.create(index, [4], note: "two")
        #expect(try NoteIndex.contents(index) == "[4] two -")
        let manifest = try IndexSnapshot.open(URL(filePath: index)).manifest
        #expect(manifest.generation == 1 && manifest.format == IndexManifest.currentFormat)
        try NoteIndex.remove(index)
        #expect(try NoteIndex.contents(index) == "[4] - -")
        // Nothing is left of what was replaced.
        let folders = try FileManager.default.contentsOfDirectory(atPath: index).sorted()
        #expect(folders.count == 3 && folders[0] == ".lock" && folders[1] == "manifest.json", "\(folders)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.index"])
    }

    @Test("The same content gives the same bytes, whatever was there before") func reproducible() throws {
        try NoteIndex.create(index, [1, 2], note: "x")
        try NoteIndex.create(folder.path("b.index"), [1, 2], note: "x")
        #expect(NoteIndex.names(index) == NoteIndex.names(folder.path("b.index")))
        let manifests = try ["a.index", "b.index"].map {
            try Data(contentsOf: URL(filePath: folder.path($0) + "/manifest.json"))
        }
        #expect(manifests[0] == manifests[1])
        // Content that comes again has its folder again.
        let names = NoteIndex.names(index)
        try NoteIndex.set("y", in: index)
        try NoteIndex.set("x", in: index)
        #expect(NoteIndex.names(index) == names)
    }

    @Test("A transaction that is dropped leaves everything as it was") func dropped() throws {
        try NoteIndex.create(index, [1], note: "x")
        let before = try FileTree(of: index)
        do {
            var transaction = try IndexTransaction(URL(filePath: index))
            try NoteIndex.install("y", in: &transaction)
            #expect(try NoteIndex.contents(transaction.preview()) == "[1] y -")
        }
        let after = try FileTree(of: index)
        #expect(after.entries.filter { $0.key != ".lock" } == before.entries.filter { $0.key != ".lock" })
        do {
            var transaction = try IndexTransaction(creating: URL(filePath: folder.path("new.index")))
            transaction.replaceAll(by: NoteIndex.manifest)
            _ = try transaction.stage()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.index"])
    }

    @Test("One writer at a time; the second is told who the first is") func oneWriter() throws {
        try NoteIndex.create(index, [1])
        let first = try IndexTransaction(URL(filePath: index))
        #expect(throws: StorageError.locked(path: index, holder: getpid())) { try NoteIndex.set("x", in: index) }
        _ = try first.commit()
        try NoteIndex.set("x", in: index)
        #expect(try NoteIndex.contents(index) == "[1] x -")
    }

    @Test("Two that create one index at once: the second ends before it begins") func twoCreators() throws {
        var first = try IndexTransaction(creating: URL(filePath: index))
        first.replaceAll(by: NoteIndex.manifest)
        #expect {
            try NoteIndex.create(index, [1])
        } throws: { error in
            guard case StorageError.locked(_, let holder) = error else { return false }
            return holder == getpid()
        }
    }

    @Test("An index that came to stand there is not replaced by one that was to be new") func overtaken() throws {
        var transaction = try IndexTransaction(creating: URL(filePath: index))
        transaction.replaceAll(by: NoteIndex.manifest)
        let staged = try transaction.stage()
        let writer = try staged.writer(Numbers.fileName, kind: Numbers.fileKind)
        try writer.write("values", [7] as [Int32])
        try writer.finish()
        try transaction.addSegment(staged, passages: 1, tokens: 1)
        try FileManager.default.createDirectory(atPath: index, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: index + "/thesis.txt"))
        var isRefused = false
        do { _ = try transaction.commit() } catch { isRefused = true }
        #expect(isRefused)
        #expect(NoteIndex.names(index) == ["thesis.txt"])
    }

    @Test("What genret did not write stays, wherever it is") func strangers() throws {
        try NoteIndex.create(index, [1], note: "x")
        let part = try #require(try IndexSnapshot.open(URL(filePath: index)).manifest.part(NotePart.kind))
        let strangers = ["thesis.txt", "photos-0123456789abcdef/a.jpg", "\(part.files.folder)/notes.txt"]
        for name in strangers {
            let place = URL(filePath: index).appending(path: name)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: place)
        }
        try NoteIndex.set("y", in: index)
        try NoteIndex.create(index, [2])
        try NoteIndex.set("z", in: index)
        for name in strangers { #expect(FileManager.default.fileExists(atPath: index + "/" + name), "\(name)") }
        #expect(!FileManager.default.fileExists(atPath: "\(index)/\(part.files.folder)/note.txt"))
        #expect(try NoteIndex.contents(index) == "[2] z -")
    }

    @Test("A folder that is no index is not taken for one") func noIndex() throws {
        try FileManager.default.createDirectory(atPath: index, withIntermediateDirectories: true)
        try Data("{\"name\": \"web app\"}".utf8).write(to: URL(filePath: index + "/manifest.json"))
        #expect(throws: StorageError.self) { try NoteIndex.set("x", in: index) }
        #expect(throws: StorageError.self) { try NoteIndex.create(index, [1]) }
        #expect(NoteIndex.names(index) == ["manifest.json"])
    }

    @Test("Files swapped between two indexes are noticed") func swapped() throws {
        let other = folder.path("b.index")
        try NoteIndex.create(index, [1, 2], note: "one")
        try NoteIndex.create(other, [3, 4], note: "two")
        let snapshots = try [index, other].map { try IndexSnapshot.open(URL(filePath: $0)).manifest }
        for files in [
            snapshots.map { ($0.segments[0].files.folder, Numbers.fileName) },
            snapshots.map {
                ($0.parts[0].files.folder, "note.txt")
            },
        ] {
            let places = zip([index, other], files).map { URL(filePath: $0).appending(path: "\($1.0)/\($1.1)") }
            let contents = try places.map { try Data(contentsOf: $0) }
            for (place, data) in zip(places, contents.reversed()) { try data.write(to: place) }
            for path in [index, other] { #expect(throws: StorageError.self) { try NoteIndex.contents(path) } }
            for (place, data) in zip(places, contents) { try data.write(to: place) }
            #expect(try NoteIndex.contents(index) == "[1, 2] one -")
        }
    }
}
