import Corpora
import Foundation
import Memory
import TestSupport
import Testing

/// Whatever a path leads to stays what it is.
@Suite struct OutputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    }

    private func write(_ text: String, _ name: String) throws {
        try OutputFile.write(text.utf8, to: name.hasPrefix("/") ? name : "\(folder.path)/\(name)")
    }

    private func kind(_ name: String) -> mode_t {
        var status = stat()
        return lstat("\(folder.path)/\(name)", &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    private func names(_ name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(name)").sorted()
    }

    private func begin(_ path: String) throws {
        var file = try OutputFile(path: path)
        try Self.put(&file)
        throw CancellationError()
    }

    private static func put(_ file: inout OutputFile) throws {
        try withUnsafeBytes(of: 7) { (bytes) throws(OutputFile.Failure) in try file.write(bytes) }
    }

    @Test func linksStayAndTheirTargetsChange() throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/real", withIntermediateDirectories: true)
        try write("old", "real/file")
        #expect(symlink("real/file", "\(folder.path)/relative") == 0)
        #expect(symlink("\(folder.path)/relative", "\(folder.path)/chain") == 0)
        #expect(symlink("real/new", "\(folder.path)/dangling") == 0)
        try write("one", "relative")
        #expect(try text("real/file") == "one")
        try write("two", "chain")
        #expect(try text("real/file") == "two")
        try write("three", "dangling")
        #expect(try text("real/new") == "three")
        for name in ["relative", "chain", "dangling"] { #expect(kind(name) == S_IFLNK) }
        #expect(try names("real") == ["file", "new"])
        #expect(symlink("loop", "\(folder.path)/loop") == 0)
        #expect(throws: OutputFile.Failure.self) { try write("x", "loop") }
        #expect(throws: OutputFile.Failure.self) { try write("x", "real") }
    }

    @Test func permissionsStay() throws {
        try write("old", "file")
        #expect(chmod("\(folder.path)/file", 0o640) == 0)
        try write("new", "file")
        var status = stat()
        #expect(stat("\(folder.path)/file", &status) == 0 && status.st_mode & 0o7777 == 0o640)
    }

    @Test func aFIFOIsWrittenThrough() throws {
        let path = "\(folder.path)/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let content = String(repeating: "line\n", count: 100_000)
        // A thread of its own: both ends wait for each other, and a task would take one of few threads.
        Thread.detachNewThread { try? OutputFile.write(content.utf8, to: path) }
        #expect(FileHandle(forReadingAtPath: path)?.readDataToEndOfFile() == Data(content.utf8))
        #expect(kind("fifo") == S_IFIFO)
        #expect(try names() == ["fifo"])
    }

    @Test func anOpenDescriptorGoesOnWhereItIs() throws {
        try write("start ", "file")
        let descriptor = open("\(folder.path)/file", O_WRONLY)
        defer { close(descriptor) }
        lseek(descriptor, 0, SEEK_END)
        #expect(symlink("/dev/fd/\(descriptor)", "\(folder.path)/link") == 0)
        try write("one ", "/dev/fd/\(descriptor)")
        try write("two ", "/proc/self/fd/\(descriptor)")
        try write("three", "link")
        #expect(try text("file") == "start one two three")
        #expect(kind("link") == S_IFLNK)
        #expect(throws: OutputFile.Failure.self) { try write("x", "/dev/fd/987") }
    }

    @Test func whatIsLeftBehindIsRemovedAndNothingElse() throws {
        try write("x", ".run.0123456789abc.partial")
        try write("x", ".run.txt.0123456789abc.partial")
        try write("x", ".run.partial")
        try write("x", ".other.0123456789abc.partial")
        let victim = "\(folder.path)/victim"
        try write("precious", "victim")
        #expect(symlink(victim, "\(folder.path)/.run.zzzzzzzzzzzzz.partial") == 0)
        // Another writer is at work.
        var other = try OutputFile(path: "\(folder.path)/run")
        try write("done", "run")
        #expect(try text("run") == "done")
        try other.finish()
        #expect(try text("victim") == "precious" && text("run").isEmpty)
        #expect(
            try names() == [
                ".other.0123456789abc.partial", ".run.partial", ".run.txt.0123456789abc.partial",
                ".run.zzzzzzzzzzzzz.partial", "run", "victim",
            ])
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        #expect(throws: CancellationError.self) { try begin("\(folder.path)/run") }
        #expect(try names().isEmpty)
        let long = String(repeating: "é", count: 127)
        try write("x", long)
        #expect(try names() == [long])
    }
}
