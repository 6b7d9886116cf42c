import Foundation
import IndexStore
import Search
import Storage
import TestSupport
import Testing

/// Whatever ends a change of an index, at whatever point: the index is the one before or the one after, and the next
/// writer clears away what is left.
@Suite struct CrashTests {
    /// A change of the index "a.index" in a folder.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        var before: @Sendable (String) throws -> Void = { _ in }
        let run: @Sendable (String, any FileSystem) throws -> Void

        var testDescription: String { name }
    }

    static let changes = [
        Change(name: "create") { try NoteIndex.create($0, [1, 2, 3], note: "one", files: $1) },
        Change(name: "replace", before: { try NoteIndex.create($0, [9], note: "old") }) {
            try NoteIndex.create($0, [1, 2, 3], note: "one", files: $1)
        },
        Change(name: "set", before: { try NoteIndex.create($0, [9]) }) {
            try NoteIndex.set("one", in: $0, files: $1)
        },
        Change(name: "set over another", before: { try NoteIndex.create($0, [9], note: "old") }) {
            try NoteIndex.set("one", in: $0, files: $1)
        },
        Change(name: "remove", before: { try NoteIndex.create($0, [9], note: "old") }) {
            try NoteIndex.remove($0, files: $1)
        },
        Change(name: "estimate", before: { try NoteIndex.create($0, [9], note: "old") }) {
            try NoteIndex.estimate(0.5, in: $0, files: $1)
        },
    ]

    @Test("Every state that a crash allows is the index before or after", arguments: changes)
    func crashes(change: Change) throws {
        let folder = try TemporaryFolder()
        let index = folder.path("a.index")
        try change.before(index)
        // The lock is made once in the life of an index, past the layer.
        if FileManager.default.fileExists(atPath: index) { _ = try IndexTransaction(URL(filePath: index)) }
        let before = try NoteIndex.contents(index)
        let files = try RecordingFileSystem(root: folder.path)
        try change.run(index, files)
        let after = try NoteIndex.contents(index)
        #expect(before != after)
        #expect(try files.unrecorded().filter { !$0.hasSuffix(".lock") }.isEmpty)
        let clean = NoteIndex.names(folder.path)
        let states = CrashStates(files.recording)
        let all = try states.check { state in
            let index = state.folder + "/a.index"
            guard try [before, after].contains(NoteIndex.contents(index)) else { return false }
            // The next writer does the same and leaves nothing else.
            try change.run(index, LocalFileSystem())
            return try NoteIndex.contents(index) == after && NoteIndex.names(state.folder) == clean
        }
        #expect(all.bad.isEmpty, "\(all.bad.prefix(3)) of \(all.bad.count)")
        #expect(all.states > 10)
        let durable = try states.check(after: files.count) { try NoteIndex.contents($0.folder + "/a.index") == after }
        #expect(durable.bad.isEmpty && durable.states > 0, "\(durable.bad.prefix(3))")
    }

    @Test("A fault at any call leaves the index before or after, whole, and nothing else", arguments: changes)
    func faults(change: Change) throws {
        let trials = try FaultTrial.forEach { trial in
            let folder = try TemporaryFolder()
            let index = folder.path("a.index")
            try change.before(index)
            let before = try NoteIndex.contents(index)
            var failure: (any Error)?
            do { try change.run(index, trial.files(over: LocalFileSystem())) } catch { failure = error }
            let found = try NoteIndex.contents(index)
            if let failure {
                guard case StorageError.io(let path, _) = failure else {
                    Issue.record("\(failure) of \(trial)")
                    return
                }
                #expect(path.hasPrefix(folder.path), "\(failure)")
            }
            if found == before {
                try change.run(index, LocalFileSystem())
            } else {
                // What was done could not be synced, or what was replaced not be removed.
                try NoteIndex.estimate(1, in: index)
            }
            #expect(NoteIndex.names(folder.path).allSatisfy { !$0.contains(".staging") && !$0.contains("partial") })
        }
        #expect(trials > 8)
    }
}
