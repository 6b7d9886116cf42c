import BuiltTool
import Foundation
import Testing

/// Models that lie beside the program, as in a release: `bin/genret` and `share/genret/models`.
@Suite struct ShippedModelTests {
    /// A release with a tiny encoder, and a link to its program.
    private let prefix = Tool.fresh("prefix")
    private let link = Tool.fresh("linked")

    init() throws {
        let files = FileManager.default
        for folder in ["/bin", "/share/genret/models"] {
            try files.createDirectory(atPath: prefix + folder, withIntermediateDirectories: true)
        }
        let program = try #require(Tool.product("genret"))
        try files.copyItem(at: program, to: URL(filePath: prefix + "/bin/genret"))
        try files.copyItem(atPath: Tool.tinyModels + "/tiny_bert", toPath: prefix + "/share/genret/models/tiny")
        try files.createSymbolicLink(atPath: link, withDestinationPath: prefix + "/bin/genret")
    }

    private func run(_ arguments: String..., program: String, models: String = Tool.folder + "/no-models") throws
        -> Tool.Outcome
    {
        let process = try Tool.process(arguments, models: models)
        process.executableURL = URL(filePath: program)
        return try Tool.finished(process)
    }

    @Test func theyAreFoundThroughALink() throws {
        for program in [prefix + "/bin/genret", link] {
            let list = try run("model", "list", program: program)
            list.expectSuccess()
            #expect(list.output.contains("with genret: "), "\(list.output)")
            #expect(list.output.contains("\n  tiny  "), "\(list.output)")
            try run("model", "verify", "tiny", program: program).expectSuccess()
        }
        #expect(try !Tool.run("model", "list").output.contains("with genret: "))
    }

    @Test func theyStay() throws {
        let outcome = try run("model", "remove", "tiny", program: link)
        #expect(outcome.code != 0)
        #expect(outcome.errors.contains("came with genret"), "\(outcome.errors)")
        #expect(FileManager.default.fileExists(atPath: prefix + "/share/genret/models/tiny/config.json"))
        // The user's own of the same name is taken, and can be removed.
        let models = Tool.fresh("models")
        try run("model", "add", Tool.tinyModels + "/tiny_bert", "--name", "tiny", program: link, models: models)
            .expectSuccess()
        let own = try run("model", "inspect", "tiny", program: link, models: models)
        own.expectSuccess()
        try run("model", "remove", "tiny", program: link, models: models).expectSuccess()
        try run("model", "verify", "tiny", program: link, models: models).expectSuccess()
    }

    @Test func doctorSaysSo() throws {
        let outcome = try run("doctor", program: link)
        #expect(outcome.output.contains("came with genret"), "\(outcome.output)")
    }
}
