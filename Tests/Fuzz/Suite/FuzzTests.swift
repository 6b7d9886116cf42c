import BuiltTool
import Foundation
import FuzzTargets
import Testing

/// Hostile bytes for every reader; `scripts/fuzz` feeds many more.
@Suite(.serialized) struct FuzzTests {
    private let folder: String
    private let runner: URL

    init() throws {
        let memory = "/dev/shm"
        let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        folder = "\(place)/genret-fuzz-tests-\(ProcessInfo.processInfo.processIdentifier)"
        runner = try #require(Tool.product("fuzz-runner"))
    }

    private func run(_ arguments: String...) throws -> Tool.Outcome {
        let process = Process()
        process.executableURL = runner
        process.arguments = arguments
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try Tool.finished(process)
    }

    @Test("No input that once crashed, hung or took much memory does so again") func regressions() throws {
        let outcome = try run("regressions", folder, Tool.root + "/Tests/Fuzz/Regressions")
        #expect(outcome.exited && outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test("Every reader reads or refuses up to a hundred hostile inputs, in bounded time and memory") func campaign()
        throws
    {
        let outcome = try run("campaign", folder, folder + "/crashes", "1", "100", "0.2")
        #expect(outcome.exited && outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        // A line of each target, and the head.
        #expect(outcome.output.split(separator: "\n").count == FuzzTarget.all.count + 1)
    }

    @Test("Where an input kills, the campaign says so and keeps it") func aCrashIsTold() throws {
        let inputs = folder + "-inputs"
        defer { try? FileManager.default.removeItem(atPath: inputs) }
        try FileManager.default.createDirectory(atPath: inputs + "/deliberate-crash", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: inputs + "/deliberate-crash/x"))
        let outcome = try run("regressions", folder, inputs)
        #expect(outcome.exited && outcome.code == 1)
        #expect(outcome.output.hasPrefix("deliberate-crash/x: signal"))
    }
}
