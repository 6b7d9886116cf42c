import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing
import Transformers

@Suite struct DamageTests {
    private func answers(_ engine: Engine) throws -> [[String]] {
        try ["sourdough starter", "how do rivers bend", "glass"].map { try engine.rank($0).hits.map(\.id) }
    }

    @Test("Every truncated file is told, and takes nothing but its retrievers away") func truncation() throws {
        let victim = try Victim()
        for (name, good) in victim.files {
            for length in [0, 1, 7, 63, 64, 200, 4095, 4097, good.count / 2, good.count - 2]
            where length < good.count - 1 {
                try victim.with(name, good.prefix(length)) { try victim.expectTold(name, "cut to \(length)") }
            }
        }
        let engine = try victim.open()
        #expect(try engine.count == 210 && engine.warm().isEmpty)
    }

    @Test("Every missing file is told") func missingFiles() throws {
        let victim = try Victim()
        for name in victim.files.keys { try victim.with(name, nil) { try victim.expectTold(name, "missing") } }
        for place in [victim.folder.path("nothing"), victim.folder.path, "", victim.place + "/manifest.json"] {
            #expect(throws: EngineError.self) { try Engine.open(place) }
        }
    }

    @Test("Every flipped bit of a data file is told, padding apart") func flippedBits() throws {
        let victim = try Victim()
        let kinds = [
            PassageStore.fileName: PassageStore.fileKind, FMIndex.fileName: FMIndex.fileKind,
            SparseIndex.fileName: SparseIndex.fileKind, DenseIndex.fileName: DenseIndex.fileKind,
            SegmentDocids.fileName: SegmentDocids.fileKind, SentenceCodes.fileName: SentenceCodes.fileKind,
        ]
        var random = SeededGenerator(seed: 17)
        var told = 0
        let expected = try answers(victim.open())
        for (name, good) in victim.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".gnr") {
            let kind = try #require(kinds[URL(filePath: name).lastPathComponent])
            let container = try Container(path: victim.place + "/" + name, kind: kind)
            let used = container.sections.map { $0.offset..<$0.offset + $0.length } + [0..<4096]
            let positions =
                (0..<40).map { _ in Int.random(in: good.indices, using: &random) }
                + (0..<20).map { _ in Int.random(in: 0..<min(good.count, 1000), using: &random) }
            for position in positions {
                var bad = good
                bad[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try victim.with(name, bad) {
                    if used.contains(where: { $0.contains(position) }) {
                        told += 1
                        try victim.expectTold(name, "flipped at \(position)")
                    } else {
                        let found = try answers(victim.open())
                        #expect(found == expected)
                    }
                }
            }
        }
        #expect(told > 100)
    }

    @Test("Flipped bits of manifest and tokenizer are told, or leave an index that works") func flippedText() throws {
        let victim = try Victim()
        var random = SeededGenerator(seed: 18)
        var told = 0
        for name in try ["manifest.json", victim.file("tokenizer.json")] {
            let good = try #require(victim.files[name])
            for _ in 0..<150 {
                var bad = good
                bad[Int.random(in: good.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try victim.with(name, bad) {
                    do throws(EngineError) {
                        let engine = try victim.open()
                        let result = try engine.rank("sourdough starter")
                        if !result.notes.isEmpty { told += 1 } else { #expect(engine.count == 210) }
                    } catch {
                        told += 1
                        #expect(!error.description.isEmpty)
                    }
                }
            }
        }
        #expect(told > 150)
    }

    @Test("Files of another index do not pass") func foreignFiles() throws {
        let corpus = try TemporaryFolder()
        let other = corpus.path("other")
        try TinySample.build(
            at: other, corpus: try corpus.corpus([("a", "Rain", "Rain falls from clouds. It wets the ground.")]))
        let victim = try Victim()
        for (name, bytes) in try BuiltIndex.files(of: other) {
            let own = try victim.file(URL(filePath: name).lastPathComponent)
            // The encoder's own tokenizer is the same file.
            guard bytes != victim.files[own] else { continue }
            try victim.with(own, bytes) { try victim.expectTold(own, "of another index") }
        }
        // Another tokenizer.
        let tokenizer = try victim.file("tokenizer.json")
        let lexical = try Sample.lexical.get().files
        let foreign = try #require(lexical.first { $0.key.hasSuffix("tokenizer.json") }?.value)
        try victim.with(tokenizer, foreign) {
            #expect { try victim.open().search("bread") } throws: { error in
                if case EngineError.storage(.foreign(let path)) = error {
                    path.hasSuffix("tokenizer.json")
                } else {
                    false
                }
            }
        }
        // One data file in the place of another.
        let terms = try victim.file("terms.gnr")
        try victim.with(terms, victim.files[try victim.file("ngrams.gnr")]) {
            try victim.expectTold(terms, "of n-grams")
        }
    }

    @Test("Manifests of other versions and of nonsense") func manifests() throws {
        let victim = try Victim()
        let good = try JSONDecoder().decode(JSONTree.self, from: try #require(victim.files["manifest.json"]))
        func write(_ edit: (inout JSONTree) -> Void) throws -> Data {
            var tree = good
            edit(&tree)
            return try JSONTree.bytes(of: tree)
        }
        for version in [0, 1, 99, -1] as [Int64] {
            try victim.with("manifest.json", write { $0["format"] = .integer(version) }) {
                #expect { try victim.open() } throws: { error in
                    if case EngineError.storage(.unsupportedFormat) = error { true } else { false }
                }
            }
        }
        func segment(_ edit: (inout JSONTree) -> Void) throws -> Data {
            try write { tree in
                guard case .array(var segments)? = tree["segments"] else { return }
                edit(&segments[0])
                tree["segments"] = .array(segments)
            }
        }
        func folder(_ name: String) throws -> Data {
            try segment { segment in
                var files = segment["files"]
                files?["folder"] = .string(name)
                segment["files"] = files
            }
        }
        let first = try #require(
            { if case .array(let all)? = good["segments"] { all.first } else { nil } }() as JSONTree?)
        let nonsense = try [
            segment { $0["passages"] = .integer(-1) }, segment { $0["tokens"] = .integer(-1) }, folder(""),
            folder("../elsewhere"), folder("a/b"), folder(".."), folder("absent"),
            write { $0["segments"] = .array([]) }, write { $0["segments"] = .array([first, first]) },
            write { $0["segments"] = nil }, write { $0["tokenizer"] = nil }, Data("[]".utf8), Data("{}".utf8),
            Data("null".utf8), Data([0xFF, 0xFE]), Data(),
        ]
        for bytes in nonsense {
            try victim.with("manifest.json", bytes) { #expect(throws: EngineError.self) { try victim.open() } }
        }
        // Counts that are possible and wrong are told by the files.
        try victim.with("manifest.json", segment { $0["passages"] = .integer(211) }) {
            #expect(throws: EngineError.self) { try victim.open().search("bread") }
        }
        // A member that nobody knows is passed over.
        try victim.with("manifest.json", write { $0["later"] = .bool(true) }) {
            let notes = try victim.open().warm()
            #expect(notes.isEmpty)
        }
    }

    @Test("What was mended works, without opening anew") func mended() throws {
        let victim = try Victim()
        for name in try ["passages.gnr", "ngrams.gnr", "terms.gnr", "vectors.gnr", "tokenizer.json"].map(victim.file) {
            let engine = try victim.open()
            try victim.with(name, Data()) {
                if Victim.retrievers(of: name) == nil {
                    for _ in 0..<2 { #expect(throws: EngineError.self) { try engine.search("bread") } }
                } else {
                    for _ in 0..<2 {
                        let notes = try engine.search("bread").notes
                        #expect(notes.count == Victim.notes(of: name))
                    }
                }
            }
            let result = try engine.rank("bread")
            #expect(result.notes.isEmpty && result.retrievers.count == 4)
        }
    }
}
