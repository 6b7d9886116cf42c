import Engine
import Foundation
import TestSupport
import Testing

/// What control groups grant, of files as Linux has them.
@Suite struct ControlGroupTests {
    private func write(_ text: String, _ name: String, in folder: TemporaryFolder) throws {
        let url = URL(filePath: folder.path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test("The least of the own group and of those above it holds") func secondVersion() throws {
        let folder = try TemporaryFolder()
        try write("0::/a/b\n", "own", in: folder)
        try write("max\n", "fs/a/b/memory.max", in: folder)
        try write("300000\n", "fs/a/memory.max", in: folder)
        try write("900000\n", "fs/memory.max", in: folder)
        try write("150000 100000\n", "fs/a/b/cpu.max", in: folder)
        try write("max 100000\n", "fs/a/cpu.max", in: folder)
        let group = ControlGroup(root: folder.path("fs"), own: folder.path("own"))
        #expect(group.memory == 300_000 && group.cores == 1.5)
    }

    @Test("The first version's limit holds; without one there is none") func firstVersion() throws {
        let folder = try TemporaryFolder()
        try write("5:memory:/x\n", "own", in: folder)
        try write("9223372036854771712\n", "fs/memory/memory.limit_in_bytes", in: folder)
        #expect(ControlGroup(root: folder.path("fs"), own: folder.path("own")).memory == nil)
        try write("1048576\n", "fs/memory/memory.limit_in_bytes", in: folder)
        #expect(ControlGroup(root: folder.path("fs"), own: folder.path("own")).memory == 1 << 20)
        let none = ControlGroup(root: folder.path("absent"), own: folder.path("absent"))
        #expect(none.memory == nil && none.cores == nil)
    }

    @Test("A group's path that leaves the mount ends the walk") func hostilePath() throws {
        let folder = try TemporaryFolder()
        try write("0::/../../../x\n", "own", in: folder)
        #expect(ControlGroup(root: folder.path("fs"), own: folder.path("own")).memory == nil)
    }
}
