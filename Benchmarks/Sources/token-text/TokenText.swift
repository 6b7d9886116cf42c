import ArgumentParser

@main
struct TokenText: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token-text", abstract: "Make the texts that the benchmarks index.",
        subcommands: [ZipfCommand.self, CorpusCommand.self])
}
