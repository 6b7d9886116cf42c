import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Search
import Transformers

/// The folder that targets work in, with an index of a few passages that is made once.
package struct FuzzWorld: Sendable {
    package let folder: String
    /// Tiny models that lie beside the tests.
    let fixtures = FuzzWorld.root + "/Tests/TransformersTests/Fixtures"

    /// The package's folder.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The index of which files are spoilt.
    package var index: String { path("index") }
    private var models: ModelCache { ModelCache(directory: URL(filePath: fixtures)) }

    /// Makes the folder, and the index where it is not there yet.
    package init(_ folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard !FileManager.default.fileExists(atPath: index + "/manifest.json") else { return }
        let corpus = path("seed.jsonl")
        write(CorpusSamples.withFields, to: Array(corpus.utf8))
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 2
        options.generator = nil
        var builder = IndexBuilder(corpus: corpus, destination: index, options: options, models: models)
        builder.segmentTokenLimit = 150
        _ = try builder.build()
        _ = try GeneratorPart.set(URL(filePath: fixtures + "/tiny_generator"), in: URL(filePath: index), models: models)
        _ = try IndexChange(index, models: models).delete(ids: ["p1", "p11"])
        // An index of an older format, and what a change makes of it: one that has every part.
        for name in ["old", "full"] {
            try FileManager.default.copyItem(
                atPath: FuzzWorld.root + "/Tests/CompatTests/Fixtures/format2/index", toPath: path(name))
        }
        let first = try engine(path("full")).reader.id(of: PassageIndex(Int32(0)))
        _ = try IndexChange(path("full"), models: models).delete(ids: [first])
    }

    func engine(_ place: String) throws -> Engine { try Engine.open(place, models: models) }

    package func path(_ name: String) -> String { folder + "/" + name }

    package func read(_ path: String) -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [] }
        return [UInt8](data)
    }

    /// Writes a new file in the place of what is there: it may still be mapped.
    func write(_ bytes: [UInt8], to path: [UInt8]) {
        let name = path.map { CChar(bitPattern: $0) } + [0]
        unlink(name)
        let descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count > 0 else { return }
            written += count
        }
    }
}
