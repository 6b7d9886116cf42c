import Foundation
import Memory
import Ranking
import Storage
import TestSupport
import Testing

/// Files whose checksums are right and whose numbers are not.
@Suite struct SparseDamageTests {
    private static let words = (0..<60).map { "w\($0)x" }

    /// Opens a copy of the index in which one section is changed, and asks it all kinds of things.
    private func use(_ path: String, changing name: String, _ change: (inout [UInt8]) -> Void) throws {
        let copy = path + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let good = try Container(path: path, kind: SparseIndex.fileKind)
        let index = try SparseIndex(
            ChangedContainer.write(good, kind: SparseIndex.fileKind, to: copy, changing: name, change))
        for word in Self.words {
            let query = index.query(word + " w0x w1x")
            _ = query.best(10)
            if index.documentCount > 0 { _ = query.score(of: Int32(index.documentCount - 1)) }
        }
    }

    private func corpus() -> SparseCorpus {
        SparseCorpus(passages: 700, words: Self.words, isSkewed: true, seed: 8)
    }

    @Test("Places outside of the file are told") func outside() throws {
        try corpus().withFile { path in
            func isTold(_ name: String, _ what: String, _ change: (inout [UInt8]) -> Void) {
                #expect(throws: StorageError.self, "\(name): \(what)") {
                    try use(path, changing: name, change)
                }
            }
            for name in ["offsets", "passages", "codes", "pairs", "peaks.offsets", "peaks"] {
                let name = "bm25." + name
                isTold(name, "shorter") { $0.removeLast(8) }
                isTold(name, "longer") { $0.append(contentsOf: [UInt8](repeating: 0, count: 8)) }
                isTold(name, "odd") { $0.removeLast() }
                isTold(name, "empty") { $0.removeAll() }
                // Of pairs any number makes sense but a frequency of zero.
                if name == "bm25.pairs" { continue }
                isTold(name, "out of bounds") { data in
                    for byte in data.indices { data[byte] = 0xFF }
                }
            }
            isTold("bm25.passages", "negative") { $0[3] = 0x80 }
            isTold("bm25.passages", "equal passages in a list") { $0.replaceSubrange(4..<8, with: $0[0..<4]) }
            isTold("bm25.offsets", "first is not zero") { $0[0] = 1 }
            isTold("bm25.pairs", "a frequency of zero") { $0.replaceSubrange(0..<4, with: [0, 0, 0, 0]) }
            isTold("bm25.header", "fewer passages") {
                $0[0] = 1; $0[1] = 0
            }
            isTold("bm25.header", "more passages than can be") { $0[5] = 1 }
            isTold("bm25.header", "shorter") { $0.removeLast(8) }
            try use(path, changing: "") { _ in }
        }
    }

    @Test("Any changed byte throws or leaves an index that answers") func anyByte() throws {
        try corpus().withFile { path in
            var random = SeededGenerator(seed: 21)
            var told = 0
            let sections = try Container(path: path, kind: SparseIndex.fileKind).sections
                .filter { $0.length > 0 }
            for round in 0..<600 {
                let section = sections[round % sections.count]
                do {
                    try use(path, changing: section.name) { data in
                        for _ in 0..<Int.random(in: 1...3, using: &random) {
                            data[Int.random(in: data.indices, using: &random)] =
                                UInt8.random(in: 0...255, using: &random)
                        }
                    }
                } catch is StorageError {
                    told += 1
                }
            }
            #expect(told > 100)
        }
    }
}
