import BuiltTool
import Foundation
import Testing

/// An index of which a file is cut short while it is searched.
@Suite struct CutFileTests {
    @Test("A search whose index is cut short under it says so and ends with a code, not by a signal")
    func cutUnderSearch() throws {
        let index = Tool.fresh("cut.genret")
        try Tool.run("index", Tool.sample, "--output", index, "--no-encoder", "--quiet").requireSuccess()
        let topics = Tool.fresh("topics")
        #expect(mkfifo(topics, 0o600) == 0)
        // The index is open before the topics are.
        let process = try Tool.process(["search", index, "--topics", topics, "--output", Tool.fresh("run")])
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // Without waiting for ever for a process that has ended.
        var pipe = open(topics, O_WRONLY | O_NONBLOCK)
        while pipe < 0, process.isRunning {
            usleep(10_000)
            pipe = open(topics, O_WRONLY | O_NONBLOCK)
        }
        try #require(pipe >= 0)
        let writer = FileHandle(fileDescriptor: pipe, closeOnDealloc: true)
        for name in try FileManager.default.subpathsOfDirectory(atPath: index) where name.hasSuffix(".gnr") {
            #expect(truncate(index + "/" + name, 4096) == 0)
        }
        try writer.write(contentsOf: Data("q1\tsourdough starter\nq2\triver bends\n".utf8))
        try writer.close()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 3)
        #expect(said.contains(".gnr: damaged (it was cut short while it was being read)"))
    }
}
