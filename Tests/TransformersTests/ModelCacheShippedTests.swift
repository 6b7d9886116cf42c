import Foundation
import TestSupport
import Testing
import Transformers

/// Models that came with genret, beside the user's cache.
@Suite struct ModelCacheShippedTests {
    private let folder: TemporaryFolder
    private let cache: ModelCache

    init() throws {
        folder = try TemporaryFolder()
        cache = ModelCache(
            directory: folder.url.appendingPathComponent("models"),
            shipped: folder.url.appendingPathComponent("prefix/share/genret/models"))
    }

    private func ship(_ name: String, _ text: String = "{}") throws -> URL {
        try write(text, to: folder.url.appendingPathComponent("prefix/share/genret/models/\(name)"))
    }

    private func write(_ text: String, to model: URL) throws -> URL {
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: model.appendingPathComponent("config.json"))
        return model
    }

    @Test func aShippedModelIsFoundWithoutACache() throws {
        let model = try ship("base")
        #expect(cache.directory(of: "base")?.path == model.path)
        #expect(cache.directory(of: "other") == nil)
        #expect(!FileManager.default.fileExists(atPath: cache.directory.path))
        let entries = cache.list()
        #expect(entries.map(\.name) == ["base"])
        #expect(entries.map(\.isShipped) == [true])
        #expect(entries.map(\.byteCount) == [2])
    }

    @Test func theUsersOwnComesFirst() throws {
        _ = try ship("base")
        _ = try ship("alone")
        let own = try write("{\"a\": 1}", to: cache.directory.appendingPathComponent("base"))
        #expect(cache.directory(of: "base")?.path == own.path)
        #expect(cache.list().map(\.name) == ["alone", "base"])
        #expect(cache.list().map(\.isShipped) == [true, false])
    }

    @Test func aShippedModelCannotBeRemoved() throws {
        let shipped = try ship("base")
        let error = #expect(throws: ModelError.self) { try cache.remove("base") }
        #expect(error?.description.contains("came with genret") == true, "\(error?.description ?? "")")
        // Removing the user's own brings the shipped one back.
        let own = try write("{}", to: cache.directory.appendingPathComponent("base"))
        try cache.remove("base")
        #expect(!FileManager.default.fileExists(atPath: own.path))
        #expect(cache.directory(of: "base")?.path == shipped.path)
    }

    @Test func addingHidesAShippedModel() throws {
        _ = try ship("tiny")
        let own = try cache.add(Fixture.tinyBERT, name: "tiny")
        #expect(cache.directory(of: "tiny")?.path == own.path)
        #expect(throws: ModelError.self) { try cache.add(Fixture.tinyBERT, name: "tiny") }
    }

    @Test func theFolderIsThatOfTheProgram() throws {
        let prefix = folder.url.appendingPathComponent("prefix")
        let program = prefix.appendingPathComponent("bin/genret")
        try FileManager.default.createDirectory(
            at: program.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: program)
        #expect(ModelCache.folderShipped(with: program) == nil)
        let models = try ship("base").deletingLastPathComponent().resolvingSymlinksInPath()
        #expect(ModelCache.folderShipped(with: program)?.path == models.path)
        // A link in a folder of the PATH leads to the same.
        let link = folder.url.appendingPathComponent("genret")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
        #expect(ModelCache.folderShipped(with: link)?.path == models.path)
        #expect(ModelCache.folderShipped(with: nil) == nil)
    }
}
