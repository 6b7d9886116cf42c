import Engine
import Foundation
import Memory
import Ranking
import Storage
import Testing

@Suite struct DamageTests {
    private static let kinds = [
        IndexLayout.passages: IndexLayout.passagesKind, IndexLayout.ngrams: "fm-index",
        IndexLayout.terms: SparseIndex.fileKind, IndexLayout.vectors: DenseIndex.fileKind,
        IndexLayout.docids: IndexLayout.docidsKind,
    ]

    /// An index on disk of which one file at a time is damaged.
    private struct Victim {
        let folder: TemporaryFolder
        let index: BuiltIndex
        var place: String { folder.path("index") }

        init(_ index: BuiltIndex) throws {
            self.index = index
            folder = try TemporaryFolder()
            try index.write(to: place)
        }

        func with(_ name: String, _ bytes: Data?, _ body: (String) throws -> Void) throws {
            let file = URL(filePath: place + "/" + name)
            if let bytes { try bytes.write(to: file) } else { try FileManager.default.removeItem(at: file) }
            try body(place)
            try index.files[name]?.write(to: file)
        }
    }

    /// The larger of the indexes that can be built here: it has every file.
    private func victim() throws -> Victim {
        try Victim(Sample.hasEncoder ? Sample.full.get() : Sample.lexical.get())
    }

    /// Opens an index without reading the encoder's weights every time.
    private func open(_ place: String) throws(EngineError) -> Engine {
        try Engine.open(place, loadsEncoder: false)
    }

    private func answers(_ engine: Engine) throws -> [[String]] {
        try ["sourdough starter", "how do rivers bend", "glass"].map { query in
            try engine.search(query).hits.map(\.id)
        }
    }

    @Test("Every truncated file is told") func truncation() throws {
        let victim = try victim()
        for (name, good) in victim.index.files {
            for length in [0, 1, 7, 63, 64, 200, 4095, 4097, good.count / 2, good.count - 2]
            where length < good.count - 1 {
                try victim.with(name, good.prefix(length)) { place in
                    #expect(throws: EngineError.self, "\(name) cut to \(length)") { try open(place) }
                }
            }
        }
        #expect(try open(victim.place).count == 210)
    }

    @Test("Every missing file is told") func missingFiles() throws {
        let victim = try victim()
        for name in victim.index.files.keys {
            try victim.with(name, nil) { place in
                #expect(throws: EngineError.self, "\(name)") { try open(place) }
            }
        }
        #expect(throws: EngineError.self) { try open(victim.folder.path("nothing")) }
        #expect(throws: EngineError.self) { try open(victim.folder.root) }
        #expect(throws: EngineError.self) { try open("") }
        #expect(throws: EngineError.self) { try open(victim.place + "/" + IndexLayout.manifest) }
    }

    @Test("Every flipped bit of a data file is told, padding apart") func flippedBits() throws {
        let victim = try victim()
        var random = SeededGenerator(seed: 17)
        var told = 0
        let expected = try answers(open(victim.place))
        for (name, good) in victim.index.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".gnr") {
            let kind = try #require(Self.kinds[URL(filePath: name).lastPathComponent])
            let container = try Container(path: victim.place + "/" + name, kind: kind)
            let used = container.sections.map { $0.offset..<$0.offset + $0.length }
                + [0..<64 + 64 * container.sections.count]
            let positions = (0..<60).map { _ in Int.random(in: good.indices, using: &random) }
                + (0..<25).map { _ in Int.random(in: 0..<min(good.count, 1000), using: &random) }
            for position in positions {
                var bad = good
                bad[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try victim.with(name, bad) { place in
                    if used.contains(where: { $0.contains(position) }) {
                        told += 1
                        #expect(throws: EngineError.self, "\(name) at \(position)") { try open(place) }
                    } else {
                        let engine = try open(place)
                        #expect(try answers(engine) == expected)
                    }
                }
            }
        }
        #expect(told > 100)
    }

    @Test("Flipped bits of manifest and tokenizer throw or leave an index that works") func flippedText() throws {
        let victim = try Victim(Sample.lexical.get())
        var random = SeededGenerator(seed: 18)
        var told = 0
        for name in [IndexLayout.manifest, IndexLayout.tokenizer] {
            let good = try #require(victim.index.files[name])
            for _ in 0..<150 {
                var bad = good
                bad[Int.random(in: good.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try victim.with(name, bad) { place in
                    do throws(EngineError) {
                        let engine = try open(place)
                        #expect(engine.count == 210)
                        _ = try engine.search("sourdough starter")
                    } catch {
                        told += 1
                        #expect(!error.description.isEmpty)
                    }
                }
            }
        }
        #expect(told > 100)
    }

    @Test("Files of another index do not pass") func foreignFiles() throws {
        let corpus = try TemporaryFolder()
        let other = try BuiltIndex(
            corpus: try corpus.corpus([("a", "Rain", "Rain falls from clouds. It wets the ground.")]), encoder: nil)
        let victim = try Victim(Sample.lexical.get())
        for (name, bytes) in other.files {
            try victim.with(name, bytes) { place in
                #expect(throws: EngineError.self, "\(name)") { try open(place) }
            }
        }
        try victim.with(IndexLayout.tokenizer, other.files[IndexLayout.tokenizer]) { place in
            #expect { try open(place) } throws: { error in
                if case EngineError.mismatch(let path, _) = error {
                    path.hasSuffix(IndexLayout.tokenizer)
                } else { false }
            }
        }
        // One data file in the place of another.
        let segment = try #require(victim.index.files.keys.first { $0.hasSuffix(IndexLayout.terms) })
        let ngrams = segment.replacing(IndexLayout.terms, with: IndexLayout.ngrams)
        try victim.with(segment, victim.index.files[ngrams]) { place in
            #expect(throws: EngineError.self) { try open(place) }
        }
    }

    @Test("Manifests of other versions and of nonsense") func manifests() throws {
        let victim = try Victim(Sample.lexical.get())
        let good = String(decoding: try #require(victim.index.files[IndexLayout.manifest]), as: UTF8.self)
        func change(_ old: String, _ new: String) throws -> Data {
            try #require(good.contains(old))
            return Data(good.replacing(old, with: new).utf8)
        }
        for version in [0, 1, 99, -1] {
            try victim.with(IndexLayout.manifest, change("\"format\" : 2,", "\"format\" : \(version),")) { place in
                #expect { try open(place) } throws: { error in
                    if case EngineError.unsupportedFormat(_, version) = error { true } else { false }
                }
            }
        }
        let nonsense = try [
            change("\"passages\" : 210", "\"passages\" : 211"), change("\"passages\" : 210", "\"passages\" : -1"),
            change("\"segment-0001\"", ""), change("\"segment-0001\"", "\"a\", \"b\""),
            change("\"segment-0001\"", "\"../elsewhere\""), Data("[]".utf8), Data("{}".utf8), Data("null".utf8),
            Data([0xFF, 0xFE]),
        ]
        for bytes in nonsense {
            try victim.with(IndexLayout.manifest, bytes) { place in
                #expect(throws: EngineError.self) { try open(place) }
            }
        }
    }
}
