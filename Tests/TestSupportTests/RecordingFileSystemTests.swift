import Foundation
import Storage
import TestSupport
import Testing

@Suite struct RecordingFileSystemTests {
    @Test func everyStepIsDoneAndKept() throws {
        let toy = try ToyIndex(["index/old": [9]])
        let files = toy.files
        try files.makeFolder(toy.path("index/folder/"))
        let file = try files.createFile(toy.path("./index//folder/../folder/a"))
        try file.write([1, 2, 3], at: 2)
        try file.sync()
        try files.rename(toy.path("index/folder/a"), to: toy.path("index/b"), replacing: false)
        try file.write([4], at: 0)
        try file.close()
        try file.close()
        try files.removeFile(toy.path("index/old"))
        try files.removeFolder(toy.path("index/folder"))
        try files.syncFolder(toy.path("index"))
        try files.syncFolder(files.root)
        // Not inside the root: done, but not kept.
        try files.syncFolder(toy.workspace.path)
        #expect(
            files.operations == [
                .makeFolder("index/folder"), .createFile("index/folder/a", file: 0),
                .write([1, 2, 3], offset: 2, file: 0), .sync(file: 0),
                .rename("index/folder/a", to: "index/b"), .write([4], offset: 0, file: 0), .close(file: 0),
                .removeFile("index/old"), .removeFolder("index/folder"), .syncFolder("index"), .syncFolder(""),
            ])
        #expect(try FileTree(of: files.root) == FileTree(["index/b": [4, 0, 1, 2, 3]]))
        #expect(try files.recording.after() == FileTree(of: files.root))
        #expect(files.before == FileTree(["index/old": [9]]))
        #expect(try files.unrecorded() == [])
    }

    @Test func whatFailsIsNotKept() throws {
        let toy = try ToyIndex()
        #expect(throws: StorageError.self) { try toy.files.createFile(toy.path("index/manifest")) }
        #expect(throws: StorageError.self) { try toy.files.makeFolder(toy.path("index")) }
        #expect(throws: StorageError.self) { try toy.files.removeFolder(toy.path("index")) }
        #expect(throws: StorageError.self) { try toy.files.removeFile(toy.path("absent")) }
        #expect(throws: StorageError.self) {
            try toy.files.rename(toy.path("absent"), to: toy.path("b"), replacing: true)
        }
        #expect(throws: StorageError.self) { try toy.files.syncFolder(toy.path("absent")) }
        #expect(throws: StorageError.self) { try toy.files.syncFolder(toy.path("index/manifest")) }
        #expect(throws: StorageError.self) { try toy.files.makeFolder(toy.workspace.path("outside")) }
        #expect(throws: StorageError.self) { try toy.files.removeFolder(toy.files.root) }
        #expect(toy.files.operations == [])
        let file = try toy.files.createFile(toy.path("closed"))
        try file.close()
        #expect(throws: StorageError.self) { try file.sync() }
        #expect(toy.files.operations == [.createFile("closed", file: 0), .close(file: 0)])
    }

    @Test func waitingForTheDiskKeepsTheSame() throws {
        let toy = try ToyIndex()
        let files = try RecordingFileSystem(root: toy.files.root, waitsForDisk: true)
        try ToyIndex.replaceManifest(files, toy.path("index"), [1])
        try FileManager.default.removeItem(atPath: toy.path("index/manifest"))
        try ToyIndex.replaceManifest(toy.files, toy.path("index"), [1])
        #expect(files.operations == toy.files.operations)
    }

    @Test func whatGoesPastItIsTold() throws {
        let toy = try ToyIndex()
        try toy.replaceManifest()
        #expect(try toy.files.unrecorded() == [])
        try Data([1]).write(to: URL(fileURLWithPath: toy.path("index/foreign")))
        try Data([1]).write(to: URL(fileURLWithPath: toy.path("index/manifest")))
        #expect(try toy.files.unrecorded() == ["index/foreign", "index/manifest"])
    }

    @Test func stepsOfThreadsAreInTheirOrder() async throws {
        let toy = try ToyIndex()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try? toy.files.write([UInt8(number)], to: toy.path("index/\(number)"))
                    try? toy.files.rename(
                        toy.path("index/\(number)"), to: toy.path("index/moved"), replacing: true)
                }
            }
        }
        #expect(toy.files.count == 20 * 5)
        #expect(try toy.files.unrecorded() == [])
    }

    @Test func treesAreMadeAnew() throws {
        let workspace = try TemporaryFolder()
        var tree = FileTree(["a/b/c": [1, 2], "a.x": [], "d": [3]])
        tree.entries["empty"] = .folder
        tree.entries["a/link"] = .link("b")
        tree.entries["nowhere"] = .link("/absent")
        try tree.write(to: workspace.path("tree"))
        #expect(try FileTree(of: workspace.path("tree")) == tree)
        #expect(tree.paths == ["a", "a.x", "a/b", "a/b/c", "a/link", "d", "empty", "nowhere"])
    }

    /// A container is whole or refused in every state; one that was finished and named is whole.
    @Test func containersAreWholeOrRefused() throws {
        let toy = try ToyIndex([:])
        let numbers = (0..<3000).map { UInt64($0) }
        let path = toy.path("data.gnr")
        let writer = try ContainerWriter(path: path, kind: "sample", files: toy.files)
        try writer.write("numbers", numbers)
        try writer.finish()
        try toy.files.syncFolder(toy.files.root)
        func opens(_ state: CrashState) throws -> Bool {
            let container = try Container(path: state.folder + "/data.gnr", kind: "sample")
            #expect(try container.section("numbers", of: UInt64.self).toArray() == numbers)
            return true
        }
        let report = try toy.states.check { state in
            do { return try opens(state) } catch is StorageError { return true }
        }
        #expect(report.bad == [])
        #expect(report.states > 30)
        #expect(try toy.states.check(after: toy.files.count, opens).bad == [])
    }
}
