import BuiltTool
import Foundation
import Testing
import Transformers

/// Other people's programs against ours: official clients, validators, hostile requests. They are in Python, in Tests/Peers, and
/// run where scripts/peers has put what they need.
@Suite("Peers", .serialized) struct PeerTests {
    static let python: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
        let path = cache + "/genret/peers/bin/python"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Where models are, the encoder among them.
    private static let models = ModelCache.standard.directory
    static let isReady = python != nil && ModelCache.standard.directory(of: KnownModel.defaultEncoder) != nil

    /// With everything in it, so that every route has something to answer with.
    private static let index = Result {
        let path = Tool.folder + "/peers/sample.genret"
        try FileManager.default.createDirectory(atPath: Tool.folder + "/peers", withIntermediateDirectories: true)
        // Training is nothing that a peer sees.
        try Tool.run(["index", Tool.sample, "-o", path, "-q", "--train-steps", "0"], models: models.path)
            .requireSuccess()
        return path
    }

    @Test(
        "Modules of Tests/Peers", .enabled(if: isReady, "scripts/peers or scripts/setup has not run"),
        arguments: ["test_clients", "test_fuzz", "test_mcp", "test_server"])
    func module(_ name: String) throws {
        let python = try #require(Self.python)
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-W", "ignore", "-m", "unittest", name]
        process.currentDirectoryURL = URL(filePath: Tool.root + "/Tests/Peers")
        var environment = ProcessInfo.processInfo.environment
        environment["GENRET_BINARY"] = try #require(Tool.product("genret")).path
        environment["GENRET_MODELS"] = Self.models.path
        environment["GENRET_INDEX"] = try Self.index.get()
        process.environment = environment
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text.suffix(6_000))")
    }
}
