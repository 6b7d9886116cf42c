import ArgumentParser

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train retrievers on an index's own corpus.",
        subcommands: [
            TrainNgramCommand.self, TrainQuestionsCommand.self, TrainDocidCommand.self, TrainDenseCommand.self,
            TrainRerankCommand.self, TrainPairsCommand.self, TrainAblateCommand.self,
        ])
}
