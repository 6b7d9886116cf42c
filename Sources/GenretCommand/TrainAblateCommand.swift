import ArgumentParser
import Corpora
import Docids
import Engine
import Evaluation
import Foundation
import Memory
import Training

struct TrainAblateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate", abstract: "Compare ways to make docids, each trained for the same time.",
        discussion: """
            A table with a line for each scheme and representation, untrained and trained, beside the exact dense \
            scan and BM25. Test queries are measured and nothing else; what must be estimated is estimated on \
            held-out queries of the training.
            """)

    @Argument(help: "The index.") var index: String
    @Option(name: .shortAndLong, help: "Where the table goes, as Markdown.") var output: String
    @Option(help: "Judgements of the queries that are measured.") var test: String
    @Option(help: "The queries that are measured (default: those of --queries).") var testQueries: String?
    @Option(help: "Where trainings are kept, so that a run goes on where it stopped (default: OUTPUT.work).")
    var work: String?
    @Option(help: "Schemes, with commas (default: all).") var schemes: String?
    @Option(help: "Choices of entries, with commas; parts of one joined by +: passage,sentences,passage+queries.")
    var representations = "passage,sentences"
    @Option(help: "Query generators whose queries in the index are represented, with commas.") var entryQueries: String?
    @Option(help: "The networks' layers.") var layers = 2
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        guard training.queries != nil else { throw ValidationError("--queries and --qrels are needed") }
        guard (1...24).contains(layers) else { throw ValidationError("--layers is 1 to 24") }
        _ = try chosenSchemes()
        guard try !choices().joined().contains(.queries) || entryQueries != nil else {
            throw ValidationError("the representation \"queries\" needs --entry-queries")
        }
    }

    private func chosenSchemes() throws -> [DocidScheme] {
        try schemes?.split(separator: ",").map { name in
            guard let scheme = DocidScheme(rawValue: String(name)) else {
                throw ValidationError(
                    "no scheme is called \"\(name)\"; there are \(DocidScheme.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            return scheme
        } ?? DocidScheme.allCases
    }

    private func choices() throws -> [[DocidRecipe.Representation]] {
        try representations.split(separator: ",").map { choice in
            try choice.split(separator: "+").map { name in
                guard let known = DocidRecipe.Representation(rawValue: String(name)) else {
                    throw ValidationError(
                        "no representation is called \"\(name)\"; there are passage, sentences and queries")
                }
                return known
            }
        }
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        var ablation = DocidAblation(reader, plan: training.plan(learningRate: 1e-3, minutes: 2))
        ablation.schemes = try chosenSchemes()
        ablation.representations = try choices()
        ablation.queryGenerators = (entryQueries ?? "").split(separator: ",").map(String.init)
        ablation.layers = layers
        ablation.threads = training.threads
        if let batch = training.batch { ablation.options.batch = batch }
        Interrupt.shared.listen(saying: "interrupted; no table was written")
        ablation.monitor = training.showing.monitor
        let tests = try Queries.read(path: testQueries ?? training.queries ?? "")
        let folder = URL(filePath: work ?? output + ".work")
        let rows = try ablation.run(pairs, test: tests, qrels: Qrels.read(path: test), folder: folder)
        let table = [Self.header] + rows.map(Self.cells)
        try OutputFile.write(Self.markdown(table).utf8, to: output)
        print(AlignedTable.text(table), terminator: "")
    }

    private static let header =
        ["docids", "entries", "state"] + DocidAblation.measures.map(\.description)
        + ["training s", "MB", "ms a query"]

    private static func cells(_ row: DocidAblation.Row) -> [String] {
        [row.scheme, row.representations, row.state] + row.values.map { String(format: "%.4f", $0) } + [
            row.trainingSeconds.map { String(format: "%.0f", $0) } ?? "",
            String(format: "%.1f", Double(row.bytes) / 1e6), String(format: "%.1f", row.milliseconds),
        ]
    }

    private static func markdown(_ table: [[String]]) -> String {
        let rule = table[0].indices.map { $0 < 3 ? "---" : "---:" }
        return ([table[0], rule] + table.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
