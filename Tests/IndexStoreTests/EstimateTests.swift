import Foundation
import IndexStore
import Search
import Storage
import TestSupport
import Testing

@Suite struct EstimateTests {
    private func part(_ kind: ComponentID, _ digest: String) -> PartRecord {
        PartRecord(
            kind: kind, files: FolderRecord(folder: kind.name, files: [.init(name: "f", bytes: 1, sha256: digest)]),
            description: .null)
    }

    private func manifest(_ parts: PartRecord...) -> IndexManifest {
        var manifest = NoteIndex.manifest
        for part in parts { manifest.setPart(part, of: part.kind) }
        return manifest
    }

    private func estimate(
        _ value: Int, id: ComponentID = "fusion", _ inputs: [(ComponentID, String?)]
    ) throws -> EstimateRecord {
        try EstimateRecord(
            Estimate(value, inputs: inputs.map { .init(kind: $0, sha256: $1) }, queries: 10, objective: 0.5), as: id)
    }

    private func value(_ manifest: IndexManifest, _ used: Set<ComponentID>) -> JSONTree? {
        manifest.estimate("fusion", using: used)?.value
    }

    @Test("An estimate dies with what it was made with, and lives again with it") func inputs() throws {
        let (one, two) = (part("generator", "1"), part("generator", "2"))
        var index = manifest(one)
        index.setEstimate(try estimate(1, [("generator", one.sha256)]))
        #expect(value(index, ["generator"]) == .integer(1))
        index.setPart(two, of: "generator")
        #expect(value(index, ["generator"]) == nil)
        index.setPart(nil, of: "generator")
        #expect(value(index, ["generator"]) == nil)
        index.setPart(one, of: "generator")
        #expect(value(index, ["generator"]) == .integer(1))
    }

    @Test("What was absent is an input too") func absence() throws {
        var index = manifest()
        index.setEstimate(try estimate(1, [("query-encoder", nil)]))
        #expect(value(index, []) == .integer(1))
        index.setPart(part("query-encoder", "1"), of: "query-encoder")
        #expect(value(index, ["query-encoder"]) == nil)
    }

    @Test("The estimate with the most of what a search uses, and nothing else, is the one") func choice() throws {
        let (generator, docids) = (part("generator", "1"), part("docids", "2"))
        var index = manifest(generator, docids)
        let sets: [(Int, [ComponentID])] = [
            (0, []), (1, ["generator"]), (2, ["docids"]), (3, ["docids", "generator"]),
        ]
        for (value, kinds) in sets {
            index.setEstimate(
                try estimate(value, kinds.map { ($0, $0 == "generator" ? generator.sha256 : docids.sha256) }))
        }
        for (expected, kinds) in sets { #expect(value(index, Set(kinds)) == .integer(Int64(expected))) }
        #expect(value(index, ["generator", "bm25"]) == .integer(1))
        index.setPart(nil, of: "docids")
        #expect(value(index, ["docids", "generator"]) == .integer(1))
    }

    @Test("An estimate that was made with another dies with that") func chains() throws {
        let generator = part("generator", "1")
        var index = manifest(generator)
        let constants = try estimate(5, id: "key-constants", [("generator", generator.sha256)])
        index.setEstimate(try estimate(1, [("generator", generator.sha256), ("key-constants", nil)]))
        #expect(value(index, ["generator", "key-constants"]) == .integer(1))
        index.setEstimate(constants)
        #expect(value(index, ["generator", "key-constants"]) == nil)
        index.setEstimate(
            try estimate(2, [("generator", generator.sha256), ("key-constants", constants.sha256)]))
        #expect(value(index, ["generator", "key-constants"]) == .integer(2))
        index.setEstimate(try estimate(6, id: "key-constants", [("generator", generator.sha256)]))
        #expect(value(index, ["generator", "key-constants"]) == nil)
    }

    @Test("A manifest is decoded with defaults, and members that nobody knows are ignored") func defaults() throws {
        let least = """
            {"format": 3, "corpus": {"format": "x", "sha256": "", "badLines": 0, "more": 1}, "future": [1],
             "tokenizer": {"fingerprint": "", "source": "corpus", "documentEnd": 0, "titleEnd": 1},
             "segments": [{"files": {"folder": "segment-1", "files": []}, "passages": 2, "tokens": 3}]}
            """
        let manifest = try JSONDecoder().decode(IndexManifest.self, from: Data(least.utf8))
        #expect(manifest.passages == 2 && manifest.parts.isEmpty && manifest.generation == 1)
        let again = try JSONDecoder().decode(IndexManifest.self, from: manifest.encoded())
        #expect(again == manifest)
    }

    @Test("Names in a manifest cannot lead out of the index", arguments: ["..", "../other", "/etc", "a/b", ""])
    func names(name: String) throws {
        let folder = try TemporaryFolder()
        let index = folder.path("a.index")
        try NoteIndex.create(index, [1], note: "x")
        var manifest = try IndexSnapshot.open(URL(filePath: index)).manifest
        manifest.segments[0].files.folder = name
        try manifest.encoded().write(to: URL(filePath: index + "/manifest.json"))
        #expect(throws: StorageError.self) { try NoteIndex.contents(index) }
    }
}
