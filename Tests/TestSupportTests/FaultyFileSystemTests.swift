import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FaultyFileSystemTests {
    @Test func eachCallFailsInItsTurn() throws {
        var errors: [Int: StorageError] = [:]
        let calls = try FaultTrial.forEach([FileFault(EACCES)]) { trial in
            let files = trial.files()
            let folder = try TemporaryFolder()
            try FileTree(["manifest": ToyIndex.old]).write(to: folder.path("index"))
            func change() throws {
                try ToyIndex.replaceManifest(files, folder.path("index"), ToyIndex.new)
                try files.makeFolder(folder.path("folder"))
                try files.removeFolder(folder.path("folder"))
                try files.removeFile(folder.path("index/manifest"))
            }
            guard let call = trial.call else { return try change() }
            let error = #expect(throws: StorageError.self) { try change() }
            errors[call] = error
            #expect(files.calls == call)
        }
        // Create, write, sync, close, rename, sync the folder; make, remove, remove.
        #expect(calls == 9)
        #expect(errors.count == 9)
        let names = ["manifest.tmp", "manifest.tmp", "manifest.tmp", "manifest.tmp", "manifest", "index", "folder"]
        for (call, name) in zip(1..., names) {
            guard case .io(let path, let reason)? = errors[call] else {
                Issue.record("call \(call): \(String(describing: errors[call]))")
                continue
            }
            #expect(path.hasSuffix("/" + name))
            #expect(reason == "Permission denied")
        }
    }

    @Test func halfOfAWriteIsThere() throws {
        let folder = try TemporaryFolder()
        let files = FaultyFileSystem(failing: 2, with: FileFault(ENOSPC, writesHalf: true))
        #expect(throws: StorageError.io(path: folder.path("a"), reason: "No space left on device")) {
            try files.write([1, 2, 3, 4, 5], to: folder.path("a"))
        }
        #expect(try FileTree(of: folder.path) == FileTree(["a": [1, 2]]))
    }

    @Test func faultsLast() throws {
        let folder = try TemporaryFolder()
        let disk = FaultyFileSystem(failing: 2, with: FileFault(EIO, lasts: true))
        let full = FaultyFileSystem(failing: 2, with: FileFault(ENOSPC, lasts: true))
        try disk.makeFolder(folder.path("a"))
        try full.makeFolder(folder.path("b"))
        for _ in 0..<2 {
            #expect(throws: StorageError.self) { try disk.makeFolder(folder.path("c")) }
            #expect(throws: StorageError.self) { try disk.removeFolder(folder.path("a")) }
            #expect(throws: StorageError.self) { try full.makeFolder(folder.path("c")) }
        }
        // A full disk lets remove.
        try full.removeFolder(folder.path("b"))
        #expect(try FileTree(of: folder.path).paths == ["a"])
    }

    @Test func aFileWhoseClosingFailsIsClosed() throws {
        let toy = try ToyIndex([:])
        let files = FaultyFileSystem(over: toy.files, failing: 2)
        let file = try files.createFile(toy.path("a"))
        #expect(throws: StorageError.io(path: toy.path("a"), reason: "Input/output error")) { try file.close() }
        try file.close()
        #expect(toy.files.operations == [.createFile("a", file: 0), .close(file: 0)])
        #expect(files.calls == 2)
    }

    /// After any fault and a crash on top of it the right writer's manifest is the old one or the new one.
    @Test func faultsAndCrashesTogether() throws {
        var states = 0
        try FaultTrial.forEach { trial in
            let toy = try ToyIndex()
            do {
                try ToyIndex.replaceManifest(trial.files(over: toy.files), toy.path("index"), ToyIndex.new)
                #expect(trial.call == nil)
            } catch is StorageError {
                #expect(trial.call != nil)
            }
            let report = try toy.states.check {
                [ToyIndex.old, ToyIndex.new].contains($0.tree.file("index/manifest"))
            }
            #expect(report.bad == [])
            states += report.states
        }
        #expect(states > 200)
    }
}
