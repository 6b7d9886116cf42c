import Foundation
import TestSupport
import Testing
import Transformers

/// Models in folders of other names than their own, such as those that packages of Python carry.
@Suite struct ModelCacheElsewhereTests {
    private let folder: TemporaryFolder
    private let cache: ModelCache
    private let packaged: URL

    init() throws {
        folder = try TemporaryFolder()
        packaged = folder.url.appendingPathComponent("package/model")
        cache = ModelCache(
            directory: folder.url.appendingPathComponent("models"),
            shipped: folder.url.appendingPathComponent("shipped"),
            elsewhere: ["base": packaged, "gone": folder.url.appendingPathComponent("gone")])
    }

    private func write(to model: URL) throws {
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: model.appendingPathComponent("config.json"))
    }

    @Test func aModelIsFoundWhereItLies() throws {
        try write(to: packaged)
        #expect(cache.directory(of: "base")?.path == packaged.path)
        #expect(cache.directory(of: "gone") == nil)
        #expect(cache.list().map(\.name) == ["base"])
        let error = #expect(throws: ModelError.self) { try cache.remove("base") }
        #expect(error?.description.contains("outside of the cache") == true, "\(error?.description ?? "")")
        #expect(FileManager.default.fileExists(atPath: packaged.path))
    }

    @Test func itHidesWhatCameWithGenretAndNotTheUsersOwn() throws {
        let (own, shipped) = (
            cache.directory.appendingPathComponent("base"), folder.url.appendingPathComponent("shipped/base")
        )
        try write(to: shipped)
        #expect(cache.directory(of: "base")?.path == shipped.path)
        try write(to: packaged)
        #expect(cache.directory(of: "base")?.path == packaged.path)
        try write(to: own)
        #expect(cache.directory(of: "base")?.path == own.path)
    }

    @Test func theEnvironmentNamesFolders() {
        let folders = ModelCache.folders(named: "a=/x/y:b=/z=1::c:a=/w")
        #expect(folders.mapValues(\.path) == ["a": "/x/y", "b": "/z=1"])
    }
}
