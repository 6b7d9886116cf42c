import Foundation
import Storage
import TestSupport
import Testing

/// The crash states find the faults of writers whose faults are known, and none in right ones.
@Suite struct CrashStatesTests {
    private static func isOldOrNew(_ state: CrashState) -> Bool {
        let manifest = state.tree.file("index/manifest")
        return manifest == ToyIndex.old || manifest == ToyIndex.new
    }

    @Test func rightReplacementIsAlwaysOldOrNew() throws {
        let toy = try ToyIndex()
        try toy.replaceManifest()
        let report = try toy.states.check { Self.isOldOrNew($0) }
        #expect(report.bad == [])
        #expect(report.states > 10)
        var seen: Set<[UInt8]> = []
        try toy.states.forEach { state in
            seen.insert(try #require(state.tree.file("index/manifest")))
            // What the closure is told is what lies there.
            #expect(try FileTree(of: state.folder) == state.tree)
        }
        #expect(seen == [ToyIndex.old, ToyIndex.new])
    }

    @Test func committedReplacementIsNew() throws {
        let toy = try ToyIndex()
        try toy.replaceManifest()
        let report = try toy.states.check(after: toy.files.count) { $0.tree.file("index/manifest") == ToyIndex.new }
        #expect(report.bad == [])
        #expect(report.states == 1)
    }

    @Test func missingFileSyncIsFound() throws {
        let toy = try ToyIndex()
        try toy.replaceManifest(forgetting: .fileSync)
        var found: Set<Int> = []
        try toy.states.forEach { state in
            if !Self.isOldOrNew(state) { found.insert(state.tree.file("index/manifest")?.count ?? -1) }
        }
        // Empty, cut at a block's border, as long as it should be but not filled; never gone.
        #expect(found == [0, 512, 512 * 6, 512 * 11, 4096, ToyIndex.new.count])
        // The folder's sync does not help.
        #expect(try toy.states.check(after: toy.files.count) { Self.isOldOrNew($0) }.bad != [])
    }

    @Test func missingFolderSyncIsFound() throws {
        let toy = try ToyIndex()
        try toy.replaceManifest(forgetting: .folderSync)
        #expect(try toy.states.check { Self.isOldOrNew($0) }.bad == [])
        let report = try toy.states.check(after: toy.files.count) {
            $0.tree.file("index/manifest") == ToyIndex.new
        }
        #expect(report.bad.contains { $0.contains("lost: ") && $0.contains("rename") })
    }

    @Test func overwritingInPlaceIsTorn() throws {
        let toy = try ToyIndex([:])
        let (first, second) = (ToyIndex.new, [UInt8](repeating: 7, count: ToyIndex.new.count))
        let file = try toy.files.createFile(toy.path("data"))
        try file.write(first, at: 0)
        try file.sync()
        try toy.files.syncFolder(toy.path(""))
        let mark = toy.files.count
        try file.write(second, at: 0)
        try file.sync()
        var torn: Set<[UInt8]> = []
        try toy.states.forEach(after: mark) { state in
            let bytes = try #require(state.tree.file("data"))
            if bytes != first, bytes != second { torn.insert(bytes) }
        }
        for cut in [512, 4096] {
            #expect(torn.contains([UInt8](second[..<cut] + first[cut...])))
            #expect(torn.contains([UInt8](first[..<cut] + second[cut...])))
        }
        #expect(torn.allSatisfy { $0.count == first.count })
        #expect(try toy.states.check(after: toy.files.count) { $0.tree.file("data") == second }.bad == [])
    }

    /// Writes of one file are lost each on its own; a hole is filled with zeros.
    @Test func writesAreLostApart() throws {
        let toy = try ToyIndex([:])
        let file = try toy.files.createFile(toy.path("data"))
        try toy.files.syncFolder(toy.path(""))
        let mark = toy.files.count
        try file.write([1, 1], at: 0)
        try file.write([2, 2], at: 2)
        var seen: Set<[UInt8]> = []
        try toy.states.forEach(after: mark) { seen.insert(try #require($0.tree.file("data"))) }
        #expect(
            seen.isSuperset(of: [[], [1, 1], [0, 0, 2, 2], [1, 1, 2, 2], [0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]))
    }

    @Test(arguments: [nil, ToyIndex.Forgotten.fileSync, .newFolderSync, .folderSync, .order])
    func eachForgottenStepOfAPartIsFound(_ forgotten: ToyIndex.Forgotten?) throws {
        let toy = try ToyIndex([
            "index/manifest": [UInt8]("part-old".utf8), "index/part-old/data": ToyIndex.old,
        ])
        try toy.replacePart(forgetting: forgotten)
        let report = try toy.states.check { ToyIndex.isWhole($0.tree) }
        #expect(report.bad.isEmpty == (forgotten == nil), "\(report.bad.first ?? "no bad state of \(report.states)")")
        #expect(report.states > 20)
    }
}
