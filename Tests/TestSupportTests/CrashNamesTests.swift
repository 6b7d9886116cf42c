import Storage
import TestSupport
import Testing

/// What a crash may do to names alone: for short sequences the states are counted out.
@Suite struct CrashNamesTests {
    private func states(_ recording: Recording, after mark: Int = 0) throws -> Set<FileTree> {
        var seen: Set<FileTree> = []
        let count = try CrashStates(recording, samples: 30).forEach(after: mark) { seen.insert($0.tree) }
        #expect(count == seen.count, "equal trees are built once")
        return seen
    }

    private func trees(_ files: [[String: [UInt8]]]) -> Set<FileTree> { Set(files.map { FileTree($0) }) }

    @Test func namesOfOneFolderAreLostApart() throws {
        let operations: [FileOperation] = [.createFile("a", file: 0), .createFile("b", file: 1)]
        let recording = Recording(before: FileTree(), operations: operations)
        #expect(try states(recording) == trees([[:], ["a": []], ["b": []], ["a": [], "b": []]]))
    }

    @Test func syncedNamesStay() throws {
        let operations: [FileOperation] = [
            .createFile("a", file: 0), .syncFolder(""), .createFile("b", file: 1), .removeFile("a"),
        ]
        let recording = Recording(before: FileTree(), operations: operations)
        #expect(
            try states(recording, after: 2)
                == trees([["a": []], ["a": [], "b": []], ["b": []], [:]]))
    }

    @Test func aRenameWithinAFolderIsOneStep() throws {
        let before = FileTree(["a": [1], "b": [2]])
        let recording = Recording(before: before, operations: [.rename("a", to: "b")])
        #expect(try states(recording) == trees([["a": [1], "b": [2]], ["b": [1]]]))
    }

    @Test func aRenameAcrossFoldersIsTwo() throws {
        let before = FileTree(["x/a": [1], "y/b": [2]])
        let recording = Recording(before: before, operations: [.rename("x/a", to: "y/a")])
        var both = before
        both.entries["y/a"] = .file([1])
        var moved = both
        moved.entries["x/a"] = nil
        var gone = before
        gone.entries["x/a"] = nil
        #expect(try states(recording) == [before, both, moved, gone])
        for (folder, left) in [("y", [both, moved]), ("x", [gone, moved])] {
            let synced = Recording(before: before, operations: recording.operations + [.syncFolder(folder)])
            #expect(try states(synced, after: 2) == Set(left))
        }
        let whole = recording.operations + [.syncFolder("y"), .syncFolder("x")]
        #expect(try states(Recording(before: before, operations: whole), after: 3) == [moved])
    }

    /// By POSIX the name of a synced file may be lost; on many systems it is not, and neither is forced.
    @Test func theNameOfASyncedFileMayBeLost() throws {
        let operations: [FileOperation] = [
            .makeFolder("x"), .createFile("x/a", file: 0), .write([1], offset: 0, file: 0), .sync(file: 0),
        ]
        let recording = Recording(before: FileTree(), operations: operations)
        var empty = FileTree()
        empty.entries["x"] = .folder
        #expect(try states(recording, after: 4) == [FileTree(), empty, FileTree(["x/a": [1]])])
        let synced = operations + [.syncFolder("x")]
        #expect(
            try states(Recording(before: FileTree(), operations: synced), after: 5)
                == [FileTree(), FileTree(["x/a": [1]])])
    }

    @Test func aFolderIsRenamedWithAllThatLiesInIt() throws {
        let before = FileTree(["index/data": [1]])
        let operations: [FileOperation] = [
            .rename("index", to: "old"), .makeFolder("index"), .createFile("index/data", file: 0),
            .write([2], offset: 0, file: 0), .rename("index", to: "new"), .removeFile("old/data"),
            .removeFolder("old"),
        ]
        let recording = Recording(before: before, operations: operations)
        #expect(try recording.after() == FileTree(["new/data": [2]]))
        let seen = try states(recording)
        // Between two renames there is a moment with no index; only a journal orders them.
        #expect(seen.contains(FileTree(["old/data": [1]])))
        #expect(seen.contains { $0.entries.isEmpty })
    }

    @Test func foldersThatWouldLieInThemselvesAreLeftOut() throws {
        let before = FileTree(["a/f": [1], "b/g": [2]])
        let operations: [FileOperation] = [
            .rename("a", to: "b/a"), .rename("b/a", to: "a"), .rename("b", to: "a/b"),
        ]
        #expect(try states(Recording(before: before, operations: operations)).count > 4)
    }

    @Test func theSameSeedGivesTheSameStates() throws {
        let toy = try ToyIndex()
        for number in 0..<4 {
            _ = try toy.files.createFile(toy.path("index/\(number)"))
            try toy.files.makeFolder(toy.path("folder\(number)"))
        }
        func descriptions(_ seed: UInt64, _ samples: Int) throws -> [String] {
            var all: [String] = []
            try CrashStates(toy.files.recording, seed: seed, samples: samples).forEach { all.append($0.description) }
            return all
        }
        let first = try descriptions(1, 8)
        #expect(try descriptions(1, 8) == first)
        #expect(try descriptions(2, 8) != first)
        #expect(try descriptions(1, 0).count < first.count)
    }

    @Test func stepsPastTheFileSystemAreNoticed() {
        let steps: [FileOperation] = [
            .rename("a", to: "b"), .removeFile("a"), .createFile("folder/a", file: 0), .sync(file: 3),
            .syncFolder("folder"), .removeFolder("folder"), .makeFolder("folder/sub"),
        ]
        for step in steps {
            let recording = Recording(before: FileTree(), operations: [step])
            #expect(throws: RecordingGap.self) { try recording.after() }
            #expect(throws: RecordingGap.self) { try CrashStates(recording).forEach { _ in } }
        }
    }
}
