import Foundation
import Testing

/// The built `genret` and places for it to work in.
enum Tool {
    struct Outcome {
        var code: Int32
        /// Whether the process ended by itself, not by a signal.
        var exited: Bool
        var output: String
        var errors: String
    }

    static let sample = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "corpora/sample").path

    /// Tiny models that lie beside the tests.
    static let tinyModels = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "TransformersTests/Fixtures").path

    /// A folder for everything that the tests write; removed when they end.
    static let folder: String = {
        let path = FileManager.default.temporaryDirectory.appending(path: "genret-cli-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Tool.folder) }
        return path
    }()

    /// The executable lies beside the test bundle.
    static let executable: URL? = {
        var folders = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            var folder = URL(filePath: argument)
            while folder.path != "/" {
                folder.deleteLastPathComponent()
                folders.append(folder)
            }
        }
        return folders.compactMap { $0?.appending(path: "genret") }.first {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }()

    /// Runs the tool; no model is installed where it looks.
    static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// A process that was not started yet.
    ///
    /// - Parameter models: the model cache; by default one that is not there.
    static func process(_ arguments: [String], models: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = try #require(executable as URL?, "genret is not beside the test bundle")
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["GENRET_MODELS"] = models ?? folder + "/no-models"
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// - Parameter models: the model cache; by default one that is not there.
    static func run(_ arguments: [String], models: String? = nil) throws -> Outcome {
        try finished(try process(arguments, models: models))
    }

    /// Runs a process and keeps what it says.
    private static func finished(_ process: Process) throws -> Outcome {
        // Files, not pipes: a full pipe would stop the process.
        let outputs = try ["out", "err"].map { name -> URL in
            let file = URL(filePath: folder).appending(path: "\(UUID().uuidString).\(name)")
            try Data().write(to: file)
            return file
        }
        defer { for file in outputs { try? FileManager.default.removeItem(at: file) } }
        process.standardOutput = try FileHandle(forWritingTo: outputs[0])
        process.standardError = try FileHandle(forWritingTo: outputs[1])
        try process.run()
        process.waitUntilExit()
        let texts = try outputs.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(
            code: process.terminationStatus, exited: process.terminationReason == .exit, output: texts[0],
            errors: texts[1])
    }

    /// Runs a bash script in a folder of its own, with the tool in `G`; its streams are files.
    static func shell(_ script: String) throws -> Outcome {
        let place = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let process = try process(["-c", script])
        var environment = process.environment ?? [:]
        environment["G"] = try #require(executable as URL?).path
        process.environment = environment
        process.executableURL = URL(filePath: "/bin/bash")
        process.currentDirectoryURL = URL(filePath: place)
        return try finished(process)
    }

    /// An index of the sample corpus without an encoder.
    static let index = Result { () throws -> String in
        let place = folder + "/sample.genret"
        let outcome = try run("index", sample, "--output", place, "--no-encoder", "--quiet")
        try #require(outcome.code == 0, "\(outcome.errors)")
        return place
    }

    /// Writes a file of its own and returns its path.
    static func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let place = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: place + "/" + name))
        return place + "/" + name
    }

    static func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    /// A name that nothing has yet.
    static func fresh(_ name: String) -> String { folder + "/" + UUID().uuidString + "-" + name }
}

extension Tool.Outcome {
    var errorLines: [Substring] { errors.split(separator: "\n") }

    /// Failed by itself with one sentence.
    func expectSentence(
        _ code: Int32, containing parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(exited && self.code == code, "\(self.code): \(errors)", sourceLocation: sourceLocation)
        #expect(errorLines.count == 1 && errors.hasSuffix("\n"), "\(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("genret: "), "\(errors)", sourceLocation: sourceLocation)
        for part in parts where !part.isEmpty { #expect(errors.contains(part), "\(errors)", sourceLocation: sourceLocation) }
        expectNoTrap(sourceLocation: sourceLocation)
    }

    /// Failed with the argument parser's message.
    func expectUsage(containing part: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(exited && code == 64, "\(code): \(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("Error: "), "\(errors)", sourceLocation: sourceLocation)
        if let part { #expect(errors.contains(part), "\(errors)", sourceLocation: sourceLocation) }
        expectNoTrap(sourceLocation: sourceLocation)
    }

    func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(exited && code == 0, "\(code): \(errors)", sourceLocation: sourceLocation)
        expectNoTrap(sourceLocation: sourceLocation)
    }

    private func expectNoTrap(sourceLocation: SourceLocation) {
        for word in ["Fatal error", "Swift/", "Optional(", "Error Domain", "CorpusError", "EngineError("] {
            #expect(!errors.contains(word), "\(errors)", sourceLocation: sourceLocation)
        }
    }
}
