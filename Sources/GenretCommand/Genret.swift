import ArgumentParser
import IndexStore

struct Genret: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genret",
        abstract: "Search that generates the identifiers of its answers.",
        discussion: """
            genret index corpus.jsonl -o corpus.genret
            genret query corpus.genret "who discovered the law of gravity?"
            """,
        version: GenretVersion.current,
        subcommands: [
            IndexCommand.self, AddCommand.self, UpdateCommand.self, DeleteCommand.self, SyncCommand.self,
            CompactCommand.self, MergeCommand.self, RefreshCommand.self, VectorsCommand.self, PlanCommand.self,
            CommitCommand.self,
            QueryCommand.self, SearchCommand.self, GetCommand.self, DumpCommand.self, ServeCommand.self,
            MCPCommand.self,
            RerankCommand.self, SuggestCommand.self, EvalCommand.self, JudgeCommand.self,
            ScaleCommand.self, ReproduceCommand.self, InspectCommand.self,
            VerifyCommand.self,
            DoctorCommand.self,
            PartCommand.self,
            TrainCommand.self, QueriesCommand.self, ModelCommand.self,
            CorpusCommand.self, CompletionsCommand.self, OlderPartCommands.Generator.self, OlderPartCommands.Docid.self,
            OlderPartCommands.Dense.self,
        ])
}
