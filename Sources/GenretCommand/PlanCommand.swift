import ArgumentParser
import Engine
import Foundation
import IndexStore
import Indexing
import Transformers

/// Plans indexes that are built apart.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Plan an index that is built in segments, on one machine or many.",
        discussion: """
            The plan is an index of a sample of the corpus, some hundred thousand passages at most: segments get its \
            tokenizer, encoder, static vectors and options, and the whole its generator and fusion weights. Then, for \
            each part of the corpus, "genret index - --plan PLAN --segment NAME -o NAME", and \
            "genret commit INDEX --plan PLAN NAME ..." when all are there.
            """)

    @Argument(help: "The sample, as a corpus; - is standard input.") var sample: String
    @Option(name: .shortAndLong, help: "Where the plan goes.") var output: String
    @OptionGroup var build: BuildFlags
    @OptionGroup var showing: ProgressFlags

    func run() throws {
        var builder = IndexBuilder(corpus: sample, destination: output, options: IndexOptions())
        builder.fitsStaticEncoder = true
        builder.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; no plan was written")
        try builder.checkDestination()
        builder.options = try build.options(.standard, language: build.language(of: builder))
        // Segments have static vectors; what those are is fitted here.
        builder.options.encoderBudget = try build.encoderBudget?.one() ?? .passages(0)
        let report = try builder.build()
        CorpusSummary.note(report.corpus, format: report.manifest.corpus.format, isQuiet: showing.isQuiet)
        try BuildSummary.say(report, at: builder.destination.path)
    }
}
