import ArgumentParser
import Engine
import Foundation
import IndexStore
import Indexing
import Memory

/// The vectors of an index.
struct VectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors", abstract: "Work on the vectors of an index.",
        subcommands: [VectorsContinueCommand.self])
}

/// Encodes what has static vectors.
struct VectorsContinueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue", abstract: "Put the encoder's own vectors in the place of static ones.",
        discussion: """
            Passages that queries are likely to come near to are encoded first. Every round is a change of its own: \
            stop it whenever you like, and the next call goes on. Searches see what is done, and need to encode less.
            """)

    @Argument(help: "The index.") var index: String
    @Option(help: "How many passages are encoded: all, a number, or minutes such as 30m.")
    var budget = EncoderBudget.all
    @Option(help: "Passages between two changes of the index (default: a fiftieth, and 10,000 at least).")
    var round: Int?
    @OptionGroup var showing: ProgressFlags

    func validate() throws {
        guard round.map({ $0 > 0 }) ?? true else { throw ValidationError("--round is at least 1") }
    }

    func run() throws {
        var work = VectorContinuation(index)
        (work.budget, work.round) = (budget, round)
        work.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; what earlier rounds encoded is kept")
        let report = try work.run()
        let rest =
            report.left == 0
            ? "all vectors are the encoder's own" : "\(report.left.grouped) passages have static vectors"
        print("\(index): \(report.encoded.grouped) passages encoded in \(report.seconds.asDuration); \(rest)")
        for line in PartLines.estimates(of: report.manifest) { print(line) }
    }
}
