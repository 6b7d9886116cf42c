import BuiltTool
import Foundation
import Testing

/// The help of every command.
@Suite struct HelpTests {
    /// A command as the argument parser describes it.
    private struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?

        /// The commands of the tree, each as its words.
        func paths(below words: [String] = []) -> [[String]] {
            let own = words + [commandName]
            return [own] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.paths(below: own) }
        }
    }

    private struct Dump: Decodable { var command: Command }

    @Test("Every command's help is the one of its file") func help() throws {
        let dump = try Tool.run("--experimental-dump-help").requireSuccess().output
        let paths = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command.paths()
        #expect(paths.count > 30)
        for path in paths {
            let help = try Tool.run(Array(path.dropFirst()) + ["--help"]).requireSuccess()
            #expect(help.errors.isEmpty)
            let text = try StandIns.put(into: help.output, place: Tool.folder)
            try Golden.expect(text, is: "help/" + path.joined(separator: "-"))
        }
        try Golden.expectOnly(Set(paths.map { $0.joined(separator: "-") }), in: "help")
    }
}
