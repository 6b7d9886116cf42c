import ArgumentParser

/// Queries that passages should answer: what generators are trained on.
struct QueriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queries", abstract: "Queries made of an index's passages.",
        subcommands: [QueriesMakeCommand.self, QueriesShowCommand.self])
}
