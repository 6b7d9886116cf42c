import Foundation
import Memory
import TestSupport
import Testing
import Transformers

@Suite struct ZipArchiveTests {
    private let sample: [UInt8]

    init() throws {
        sample = Array(try Data(contentsOf: Fixture.url("sample.zip")))
    }

    private func archive(_ bytes: [UInt8]) throws -> ZipArchive {
        try ZipArchive(bytes: FrozenArray(bytes), path: "test.zip")
    }

    private func replacing(_ from: String, _ to: String) -> [UInt8] {
        let (from, to) = (Array(from.utf8), Array(to.utf8))
        var bytes = sample
        for start in 0...(bytes.count - from.count)
        where Array(bytes[start..<start + from.count]) == from {
            bytes.replaceSubrange(start..<start + from.count, with: to)
        }
        return bytes
    }

    @Test func contents() throws {
        let archive = try archive(sample)
        #expect(archive.entries.count == 3)
        for (name, text) in [
            ("stored.txt", "stored as it is\n"), ("deep/empty.txt", ""),
            ("deflated.txt", String(repeating: "deflated ", count: 200)),
        ] {
            let entry = try #require(archive.entry("package/model/\(name)"))
            #expect(try archive.contents(of: entry) == Array(text.utf8))
        }
        #expect(archive.entry("absent") == nil)
    }

    @Test(
        "Members outside of the archive's folder are refused",
        arguments: [
            "../../../model/stored.txt", "/ackage/model/stored.txt", "package\\model\\stored.txt",
            "package/../../stored.tx/",
        ])
    func traversal(name: String) throws {
        #expect(throws: ModelError.self) {
            try archive(replacing("package/model/stored.txt", String(name.prefix(24))))
        }
    }

    @Test func checksums() throws {
        let archive = try archive(replacing("stored as it is", "stored as it Is"))
        let entry = try #require(archive.entry("package/model/stored.txt"))
        #expect(throws: ModelError.self) { try archive.contents(of: entry) }
    }

    @Test("Damage throws and never traps") func damage() throws {
        for length in 0..<sample.count {
            #expect(throws: ModelError.self) { try archive(Array(sample.prefix(length))) }
        }
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<4_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            guard let archive = try? archive(bytes) else { continue }
            for entry in archive.entries where entry.byteCount < 1 << 20 {
                _ = try? archive.contents(of: entry)
            }
        }
    }
}
