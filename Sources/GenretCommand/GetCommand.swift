import ArgumentParser
import Engine
import Foundation
import Search

/// Prints passages of an index by their ids.
struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print passages of an index by their ids.",
        discussion: """
            An id that the index does not have is an error, once the passages that it has are printed.
            """)

    @Argument(help: "The index.") var index: String
    @Argument(help: ArgumentHelp("Ids of passages; - reads them from standard input, one a line.", valueName: "ids"))
    var ids: [String]
    @Flag(help: "One line of JSON a passage, with its fields.") var json = false

    func run() throws {
        let reader = try IndexReader.open(index)
        var missing: EngineError?
        for id in try ids.flatMap({ try $0 == "-" ? IDLines.of("-") : [$0] }) {
            guard let passage = try reader.passage(withID: id) else {
                if missing == nil { missing = .noPassage(id: id) }
                continue
            }
            if json {
                let bytes = try PassageLine.bytes(of: passage, in: reader)
                StandardStreams.shared.write(bytes: bytes + [0x0A])
            } else {
                let text = try reader.passage(passage)
                print([text.title, text.text].filter { !$0.isEmpty }.joined(separator: "\n"))
            }
        }
        if let missing { throw missing }
    }
}
