import Foundation

/// The built `genret` and places for it to work in.
package enum Tool {
    package struct Outcome: Sendable {
        package var code: Int32
        /// Whether the process ended by itself, not by a signal.
        package var exited: Bool
        package var output: String
        package var errors: String

        package init(code: Int32, exited: Bool, output: String, errors: String) {
            (self.code, self.exited, self.output, self.errors) = (code, exited, output, errors)
        }
    }

    /// What a test cannot go on after.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String

        package init(_ description: String) { self.description = description }
    }

    /// The package's folder.
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    package static let sample = root + "/corpora/sample"

    /// Tiny models that lie beside the tests.
    package static let tinyModels = root + "/Tests/TransformersTests/Fixtures"

    /// A folder for everything that the tests write; removed when they end.
    package static let folder: String = {
        let path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "genret-cli-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Tool.folder) }
        return path
    }()

    private static let executable = product("genret")

    /// An executable of the package, which lies beside the test bundle; nil where it was not built.
    package static func product(_ name: String) -> URL? {
        var folders = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            var folder = URL(filePath: argument)
            while folder.path != "/" {
                folder.deleteLastPathComponent()
                folders.append(folder)
            }
        }
        return folders.compactMap { $0?.appending(path: name) }.first {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    private static func builtExecutable() throws -> URL {
        guard let executable else { throw Failure("genret is not beside the test bundle") }
        return executable
    }

    /// Runs the tool; no model is installed where it looks.
    package static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// A process that was not started yet.
    ///
    /// - Parameters:
    ///   - models: the model cache; by default one that is not there.
    ///   - place: the folder that the process works in.
    package static func process(
        _ arguments: [String], models: String? = nil, in place: String = folder
    ) throws -> Process {
        let process = Process()
        process.executableURL = try builtExecutable()
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["GENRET_MODELS"] = models ?? folder + "/no-models"
        // Help is as wide as the terminal, or as this.
        environment["COLUMNS"] = "80"
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: place)
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// - Parameters:
    ///   - models: the model cache; by default one that is not there.
    ///   - place: the folder that the process works in.
    package static func run(
        _ arguments: [String], models: String? = nil, in place: String = folder
    ) throws -> Outcome {
        try finished(try process(arguments, models: models, in: place))
    }

    /// Runs a process and keeps what it says.
    package static func finished(_ process: Process) throws -> Outcome {
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
    package static func shell(_ script: String) throws -> Outcome {
        let place = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let process = try process(["-c", script])
        var environment = process.environment ?? [:]
        environment["G"] = try builtExecutable().path
        process.environment = environment
        process.executableURL = URL(filePath: "/bin/bash")
        process.currentDirectoryURL = URL(filePath: place)
        return try finished(process)
    }

    /// An index of the sample corpus without an encoder.
    package static let index = Result { () throws -> String in
        let place = folder + "/sample.genret"
        let outcome = try run("index", sample, "--output", place, "--no-encoder", "--quiet")
        try outcome.requireSuccess()
        return place
    }

    /// Writes a file of its own and returns its path.
    package static func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let place = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: place + "/" + name))
        return place + "/" + name
    }

    package static func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    /// A name that nothing has yet.
    package static func fresh(_ name: String) -> String { folder + "/" + UUID().uuidString + "-" + name }
}

extension Tool.Outcome {
    package var errorLines: [Substring] { errors.split(separator: "\n") }

    /// For what a test builds upon.
    @discardableResult
    package func requireSuccess() throws -> Self {
        guard exited, code == 0 else { throw Tool.Failure("\(exited ? "exit" : "signal") \(code): \(errors)") }
        return self
    }
}
