import ArgumentParser
import Engine
import Foundation
import Search

/// Writes the passages of an index as a corpus.
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Write the passages of an index as a corpus.",
        discussion: """
            Standard output gets JSON lines that "genret index" reads: id, title, text and fields of every passage that is \
            not deleted, in the order of the index. What is made of passages, such as queries, vectors and weights, is \
            not among them.
            """)

    @Argument(help: "The index.") var index: String
    @Flag(help: "The ids alone, one a line.") var ids = false

    func run() throws {
        let reader = try IndexReader.open(index)
        let output = StandardStreams.shared
        for place in try reader.livingPlaces() {
            guard !output.isBroken else { return }
            let passage = PassageIndex(place)
            let line = ids ? Data(try reader.id(of: passage).utf8) : try PassageLine.bytes(of: passage, in: reader)
            output.write(bytes: line + [0x0A])
        }
    }
}
