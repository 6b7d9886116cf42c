import Foundation
import IndexStore
import Memory
import Search
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct ReaderTests {
    private let folder: TemporaryFolder
    private let index: String

    init() throws {
        folder = try TemporaryFolder()
        index = folder.path("a.index")
    }

    @Test("A reader keeps its files, and the next writer removes them when it has let go") func held() throws {
        try NoteIndex.create(index, [1], note: "one")
        var reader: IndexSnapshot? = try IndexSnapshot.open(URL(filePath: index))
        let old = try #require(reader?.manifest.folders.map(\.folder))
        try NoteIndex.create(index, [2], note: "two")
        // Asked for only now, when another generation stands.
        #expect(try NoteIndex.contents(#require(reader)) == "[1] one -")
        #expect(old.allSatisfy { FileManager.default.fileExists(atPath: index + "/" + $0) })
        reader = nil
        try NoteIndex.set("three", in: index)
        #expect(old.allSatisfy { !FileManager.default.fileExists(atPath: index + "/" + $0) })
        #expect(try NoteIndex.contents(index) == "[2] three -")
    }

    @Test("Readers see one generation each while the index is replaced") func replaced() throws {
        // Of each generation the note is the sum of the numbers.
        @Sendable func values(_ generation: Int) -> [Int32] {
            (0..<Int32(5 + generation % 3)).map { $0 + Int32(generation) }
        }
        @Sendable func note(_ values: [Int32]) -> String { "\(values.reduce(0, +))" }
        try NoteIndex.create(index, values(0), note: note(values(0)))
        let isDone = Atomic<Bool>(false)
        let faults = Mutex<[String]>([])
        let reads = Atomic<Int>(0)
        let path = index
        Parallel.forEach(count: 9, threads: 9) { worker in
            guard worker > 0 else {
                for generation in 1...60 {
                    do {
                        try NoteIndex.create(path, values(generation), note: note(values(generation)))
                    } catch {
                        faults.withLock { $0.append("writer: \(error)") }
                    }
                }
                isDone.store(true, ordering: .releasing)
                return
            }
            while !isDone.load(ordering: .acquiring) {
                do {
                    let snapshot = try IndexSnapshot.open(URL(filePath: path))
                    let values = try snapshot.segments[0].component(Numbers.self).values
                    let text = try snapshot.part(NotePart.self, in: PartEnvironment(snapshot))?.text
                    if text != note(values) { faults.withLock { $0.append("mixed: \(values) \(text ?? "")") } }
                    reads.add(1, ordering: .relaxed)
                } catch {
                    faults.withLock { $0.append("reader: \(error)") }
                }
            }
        }
        #expect(faults.withLock { $0 } == [])
        #expect(reads.load(ordering: .relaxed) > 20)
    }

    @Test("A segment that is gone is an error, a part that is gone one when it is asked for") func gone() throws {
        try NoteIndex.create(index, [1], note: "one")
        let manifest = try IndexSnapshot.open(URL(filePath: index)).manifest
        try FileManager.default.removeItem(atPath: "\(index)/\(manifest.parts[0].files.folder)")
        let snapshot = try IndexSnapshot.open(URL(filePath: index))
        #expect(throws: StorageError.self) { try snapshot.part(NotePart.self, in: PartEnvironment(snapshot)) }
        #expect(try snapshot.segments[0].component(Numbers.self).values == [1])
        try FileManager.default.removeItem(atPath: "\(index)/\(manifest.segments[0].files.folder)")
        #expect(throws: StorageError.self) { try IndexSnapshot.open(URL(filePath: index)) }
    }

    @Test("A failure to read is not remembered") func retried() throws {
        try NoteIndex.create(index, [1, 2])
        let snapshot = try IndexSnapshot.open(URL(filePath: index))
        let file = URL(filePath: snapshot.segments[0].path(of: Numbers.self))
        let whole = try Data(contentsOf: file)
        var damaged = whole
        damaged[4100] ^= 1
        try damaged.write(to: file)
        #expect(throws: StorageError.self) { try snapshot.segments[0].component(Numbers.self) }
        try whole.write(to: file)
        #expect(try snapshot.segments[0].component(Numbers.self).values == [1, 2])
    }
}
