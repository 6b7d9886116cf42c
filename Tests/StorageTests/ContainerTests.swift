import Foundation
import Memory
import Storage
import TestSupport
import Testing

@Suite struct ContainerTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("sample.gnr")
    }

    private func writeSample(to path: String) throws {
        let writer = try ContainerWriter(path: path, kind: "sample")
        try writer.write("numbers", [1, 2, 3] as [UInt64])
        try writer.write("empty", [] as [Int32])
        try writer.begin("pieces")
        for piece in [[1], [2, 3], []] as [[UInt8]] { try writer.append(FrozenArray(piece)) }
        try writer.end()
        try writer.finish()
    }

    @Test func roundTrip() throws {
        try writeSample(to: path)
        let container = try Container(path: path, kind: "sample")
        #expect(container.sections.map(\.name) == ["numbers", "empty", "pieces"])
        #expect(try container.section("numbers", of: UInt64.self).toArray() == [1, 2, 3])
        #expect(try container.section("empty", of: Int32.self).isEmpty)
        #expect(try container.bytes("pieces").toArray() == [1, 2, 3])
        #expect(throws: StorageError.self) { try container.bytes("absent") }
        #expect(throws: StorageError.self) { try container.section("pieces", of: UInt64.self) }
        #expect(throws: StorageError.wrongKind(path: path, expected: "other")) {
            try Container(path: path, kind: "other")
        }
    }

    /// Every cut and every flipped bit outside the padding is noticed.
    @Test func damageIsNoticed() throws {
        try writeSample(to: path)
        let good = try Data(contentsOf: URL(filePath: path))
        for length in [0, 1, 7, 63, 64, 200, 4095, 4096, 4100, good.count - 1] {
            try good.prefix(length).write(to: URL(filePath: path))
            #expect(throws: StorageError.self, "cut to \(length)") { try Container(path: path, kind: "sample") }
        }
        let used = Array(0..<(64 + 3 * 64)) + Array(4096..<4120) + Array((good.count - 3)..<good.count)
        for position in used {
            for bit in 0..<8 {
                var bad = good
                bad[position] ^= 1 << bit
                try bad.write(to: URL(filePath: path))
                #expect(throws: StorageError.self, "byte \(position), bit \(bit)") {
                    try Container(path: path, kind: "sample")
                }
            }
        }
    }

    @Test func unfinishedFileIsRefused() throws {
        let writer = try ContainerWriter(path: path, kind: "sample")
        try writer.write("numbers", [1] as [UInt64])
        #expect(throws: StorageError.self) { try Container(path: path, kind: "sample") }
        withExtendedLifetime(writer) {}
    }

    @Test func absentFile() {
        #expect(throws: StorageError.self) { try Container(path: "/nonexistent/file", kind: "sample") }
    }
}

@Suite struct StringTableTests {
    @Test(arguments: [0, 1, 2, 64, 1000])
    func roundTrip(count: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ids.gnr")
        var random = SeededGenerator(seed: UInt64(count))
        var strings = (0..<count).map { index in
            index == 7
                ? ""
                : index == 8
                    ? String(repeating: "长", count: 100)
                    : "id-\(UInt16.random(in: 0...999, using: &random))-\(index)"
        }
        strings.shuffle(using: &random)
        let writer = try ContainerWriter(path: path, kind: "ids")
        try StringTable.write(strings, to: writer, prefix: "ids")
        try writer.finish()
        let table = try StringTable(Container(path: path, kind: "ids"), prefix: "ids")
        #expect(table.count == count)
        for (index, string) in strings.enumerated() {
            #expect(table[index] == string)
            #expect(table.index(of: string) == index)
        }
        #expect(table.index(of: "absent") == nil)
        #expect(table.index(of: "id") == nil)
        let other = try ContainerWriter(path: folder.path("list.gnr"), kind: "ids")
        try StringList.write(strings, to: other, prefix: "ids")
        try other.finish()
        let container = try Container(path: folder.path("list.gnr"), kind: "ids")
        #expect(StringList.isIn(container, prefix: "ids"))
        let list = try StringList(container, prefix: "ids")
        #expect(list.count == count)
        for (index, string) in strings.enumerated() {
            #expect(list[index].utf8.elementsEqual(string.utf8))
            #expect(list.index(of: string) == index)
        }
        for absent in ["absent", "id", "zzz", "\u{0}"] { #expect(list.index(of: absent) == nil) }
    }
}

@Suite struct DocumentStoreTests {
    @Test(arguments: [0, 1, 2, 300])
    func roundTrip(count: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("texts.gnr")
        var random = SeededGenerator(seed: 4)
        let passages = (0..<count).map { index in
            (
                title: index % 3 == 0 ? "" : "title \(index)",
                text: String(repeating: "text 文 \(index) ", count: Int.random(in: 0...200, using: &random))
            )
        }
        let writer = try ContainerWriter(path: path, kind: "texts")
        var store = try DocumentStoreWriter(writer)
        for passage in passages { try store.add(title: passage.title, text: passage.text) }
        try store.finish()
        try writer.finish()
        let read = try DocumentStore(Container(path: path, kind: "texts"))
        #expect(read.count == count)
        for index in passages.indices {
            let passage = try read.passage(index)
            #expect(passage.title == passages[index].title)
            #expect(passage.text == passages[index].text)
        }
    }
}

@Suite struct AtomicDirectoryTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    @Test func aLinkInTheWayIsNotWrittenThrough() throws {
        let (victim, place) = (root.appending(path: "victim"), root.appending(path: "file.gnr"))
        try Data("precious".utf8).write(to: victim)
        try FileManager.default.createSymbolicLink(at: place, withDestinationURL: victim)
        let writer = try ContainerWriter(path: place.path, kind: "test")
        try writer.write("numbers", [1 as UInt32, 2])
        try writer.finish()
        #expect(try String(contentsOf: victim, encoding: .utf8) == "precious")
        #expect(try Container(path: place.path, kind: "test").section("numbers", of: UInt32.self).toArray() == [1, 2])
    }

    @Test func commitReplacesAndDiscardLeavesNothing() throws {
        let place = root.appending(path: "index")
        for text in ["first", "second"] {
            let directory = try AtomicDirectory(destination: place)
            try Data(text.utf8).write(to: URL(filePath: directory.path("file")))
            try directory.commit()
            #expect(try String(contentsOf: place.appending(path: "file"), encoding: .utf8) == text)
        }
        let abandoned = try AtomicDirectory(destination: place)
        try Data("third".utf8).write(to: URL(filePath: abandoned.path("file")))
        abandoned.discard()
        #expect(try String(contentsOf: place.appending(path: "file"), encoding: .utf8) == "second")
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == ["index"])
    }

    @Test func leftoversOfKilledBuildsAreSwept() throws {
        // Nobody holds this one; the other belongs to a build that goes on.
        let dead = root.appending(path: ".index.partial-\(Int32.max)")
        try FileManager.default.createDirectory(at: dead, withIntermediateDirectories: true)
        let place = root.appending(path: "index")
        let alive = try AtomicDirectory(destination: place)
        try AtomicDirectory(destination: place).discard()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: root.path) == [alive.staging.lastPathComponent])
        alive.discard()
    }

    @Test func linksStayAndWhatTheyLeadToIsReplaced() throws {
        let (far, link) = (root.appending(path: "far/index"), root.appending(path: "near/link"))
        for folder in ["far", "near"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        // The first time it leads nowhere.
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "../far/index")
        for text in ["first", "second"] {
            let directory = try AtomicDirectory(destination: link)
            try Data(text.utf8).write(to: URL(filePath: directory.path("file")))
            try directory.commit()
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "../far/index")
            #expect(try String(contentsOf: far.appending(path: "file"), encoding: .utf8) == text)
            #expect(try FileManager.default.contentsOfDirectory(atPath: root.path + "/near") == ["link"])
        }
    }

    @Test func whatWasReplacedIsHandedToTheRemover() throws {
        let place = root.appending(path: "index")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data().write(to: place.appending(path: "old"))
        let kept = root.appending(path: "kept")
        let directory = try AtomicDirectory(destination: place) { try? FileManager.default.moveItem(at: $0, to: kept) }
        try directory.commit()
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path) == ["old"])
    }
}
