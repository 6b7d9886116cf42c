import FMIndex
import Foundation
import Memory
import Storage
import TestSupport
import Testing

/// Every section of both profiles cut, flipped and filled with noise.
@Suite struct DamageTests {
    /// Sections in memory, which no checksum guards.
    private struct Sections: SectionSource {
        var all: [String: [UInt8]]
        var path: String { "damaged" }

        func contains(_ name: String) -> Bool { all[name] != nil }
        func bytes(_ name: String) throws(StorageError) -> FrozenArray<UInt8> {
            guard let bytes = all[name] else { throw .damaged(path: path, what: "section \(name) is missing") }
            return FrozenArray(bytes)
        }
    }

    private func makeBuilder() -> FMIndexBuilder {
        var random = SeededGenerator(seed: 12)
        var builder = FMIndexBuilder(documentEnd: 2, titleEnd: 3)
        for _ in 0..<600 {
            let body = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                5 + Int32.random(in: 0..<60, using: &random) * Int32.random(in: 0...1, using: &random)
            }
            builder.add(title: [Int32.random(in: 70...75, using: &random)], body: body)
        }
        return builder
    }

    private func write(_ profile: FMIndex.Profile, to path: String) throws -> Container {
        var builder = makeBuilder()
        let writer = try ContainerWriter(path: path, kind: FMIndex.fileKind)
        try builder.write(to: writer, .init(profile: profile))
        try writer.finish()
        return try Container(path: path, kind: FMIndex.fileKind)
    }

    @Test(arguments: FMIndex.Profile.allCases)
    func damagedFilesAreRefused(profile: FMIndex.Profile) throws {
        let folder = try TemporaryFolder()
        let container = try write(profile, to: folder.path("whole"))
        let whole = try Data(contentsOf: folder.url.appending(path: "whole"))
        let place = folder.url.appending(path: "broken")
        var random = SeededGenerator(seed: 3)
        for section in container.sections where section.length > 0 {
            for _ in 0..<5 {
                var flipped = whole
                let byte = Int.random(in: section.offset..<section.offset + section.length, using: &random)
                flipped[byte] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                try flipped.write(to: place)
                #expect { try Container(path: place.path, kind: FMIndex.fileKind) } throws: { error in
                    "\(error)".contains(section.name) && "\(error)".contains("checksum")
                }
                try whole.prefix(byte).write(to: place)
                #expect { try Container(path: place.path, kind: FMIndex.fileKind) } throws: { error in
                    "\(error)".contains("bytes long instead of")
                }
            }
        }
    }

    @Test(arguments: FMIndex.Profile.allCases)
    func sectionsOfWrongSizeAreRefused(profile: FMIndex.Profile) throws {
        let whole = try sections(profile)
        for (name, bytes) in whole.all where !bytes.isEmpty && !name.hasPrefix("fm.frequent") {
            for length in [0, bytes.count / 2, bytes.count - 1, bytes.count + 8, bytes.count + 64] {
                var broken = whole
                broken.all[name] = Array((bytes + [UInt8](repeating: 1, count: 64)).prefix(length))
                #expect(throws: StorageError.self, "\(name) of \(length) bytes") { try FMIndex(broken) }
            }
            var missing = whole
            missing.all[name] = nil
            #expect(throws: StorageError.self) { try FMIndex(missing) }
        }
    }

    @Test(arguments: FMIndex.Profile.allCases)
    func noiseWithoutChecksumsNeverTraps(profile: FMIndex.Profile) throws {
        let whole = try sections(profile)
        var random = SeededGenerator(seed: 99)
        var answered = 0
        for (name, bytes) in whole.all.sorted(by: { $0.key < $1.key }) where !bytes.isEmpty {
            for round in 0..<40 {
                var broken = bytes
                for _ in 0...(round % 8 * bytes.count / 8) {
                    broken[Int.random(in: broken.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                var sections = whole
                sections.all[name] = broken
                guard let index = try? FMIndex(sections) else { continue }
                answered += 1
                ask(index, &random)
            }
        }
        #expect(answered > 100)
    }

    /// All questions, whose answers do not matter.
    private func ask(_ index: FMIndex, _ random: inout SeededGenerator) {
        let tokens = (0..<8).map { _ in 5 + Int32.random(in: 0..<70, using: &random) }
        var rows = [index.all, index.documentStarts]
        for token in tokens {
            let last = rows[rows.count - 1]
            let next = index.extend(last.isEmpty ? index.all : last, by: token)
            rows.append(next)
        }
        var together = rows
        index.extend(&together, by: rows.map { _ in tokens[0] })
        for range in rows + together where !range.isEmpty {
            _ = index.continuations(of: range)
            _ = index.topTokens(of: range, 3)
            _ = index.topContinuations(of: range, 3)
            for row in range.low..<min(range.high, range.low + 20) {
                _ = index.locate(row: row, length: 1)
                _ = index.document(row: row)
                _ = index.textPosition(of: row)
            }
        }
        for document in [0, index.documentCount / 2, index.documentCount - 1] { _ = index.extract(document) }
        let scores = (0..<index.vocabularyBound).map { _ in -Float.random(in: 0...5, using: &random) }
        var search = ExtensionSearch(index, allowed: AllowedTokens(index))
        scores.withUnsafeBufferPointer { scores in
            _ = search.best(20, of: rows.map { .init(rows: $0, logProb: 0, scores: scores) })
        }
    }

    private func sections(_ profile: FMIndex.Profile) throws -> Sections {
        let memory = MemorySections()
        var builder = makeBuilder()
        try builder.write(to: memory, .init(profile: profile))
        var all: [String: [UInt8]] = [:]
        for name in memory.names { all[name] = try memory.bytes(name).toArray() }
        return Sections(all: all)
    }
}
