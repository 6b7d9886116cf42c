import BuiltTool
import Foundation
import Testing

/// A folder with two indexes: `old.genret`, of format 2 with all parts, and `sample.genret`, built now without an encoder.
struct GoldenPlace: Sendable {
    let path: String

    static let shared = Result { try GoldenPlace() }

    /// The folder that old.genret and runs of it are from.
    static let format2 = Tool.root + "/Tests/CompatTests/Fixtures/format2"

    init() throws {
        path = Tool.fresh("golden")
        let files = FileManager.default
        try files.createDirectory(atPath: path + "/folder", withIntermediateDirectories: true)
        try files.copyItem(atPath: Self.format2 + "/index", toPath: path + "/old.genret")
        try files.copyItem(atPath: try Tool.index.get(), toPath: path + "/sample.genret")
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    }

    /// A copy of old.genret, changed.
    func damaged(_ name: String, _ file: String, _ change: (inout Data) -> Void) throws {
        try FileManager.default.copyItem(atPath: path + "/old.genret", toPath: path + "/" + name)
        let place = URL(filePath: path + "/" + name + "/" + file)
        var bytes = try Data(contentsOf: place)
        change(&bytes)
        try bytes.write(to: place)
    }

    /// Runs the tool in the folder.
    ///
    /// - Returns: the command and all that it said.
    func transcript(_ arguments: [String], models: String? = nil) throws -> String {
        let outcome = try Tool.run(arguments, models: models, in: path)
        let words = arguments.map { $0.contains(/[ ?]/) || $0.isEmpty ? "\"\($0)\"" : $0 }
        let errors = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "" : "! \($0)"
        }
        var text = "$ genret " + words.joined(separator: " ") + "\n" + outcome.output + errors.joined(separator: "\n")
        if !outcome.exited {
            text += "signal \(outcome.code)\n"
        } else if outcome.code != 0 {
            text += "exit \(outcome.code)\n"
        }
        return try StandIns.put(into: text, place: path)
    }
}

/// A command with a golden file.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]

    init(_ name: String, _ arguments: String...) {
        self.name = name
        self.arguments = arguments
    }

    var testDescription: String { name }
}
