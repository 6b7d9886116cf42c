import ArgumentParser
import Evaluation
import Foundation
import IndexStore
import Memory
import Storage
import Studies

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce", abstract: "Measure what others published, beside their figures.",
        discussion: """
            Builds an index of a collection, searches it and counts as the collection's own evaluation does; --list says what is known. \
            An analyser of other words, or a formula in another form, moves a figure by a hundredth or two.
            """)

    @Argument(help: "The published figures, such as nfcorpus-bm25.") var name: String?
    @Argument(help: "The collection: a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv.") var folder: String?
    @Flag(help: "List the figures that are known.") var list = false
    @Option(help: "Threads.") var threads = Parallel.cores
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard list || name != nil && folder != nil else { throw ValidationError("give a name and a folder, or --list") }
        guard threads > 0 else { throw ValidationError("--threads is at least 1") }
    }

    private struct Report: Encodable {
        var name: String
        var system: String
        var source: String
        var rules: String
        var queries: Int
        var figures: [ReferenceMeasurement.Row]
    }

    func run() throws {
        if list {
            for run in ReferenceRuns.all {
                let figures = run.figures.map { "\($0.measure) \($0.published)" }.joined(separator: ", ")
                print("\(run.name): \(run.system), \(figures) (\(run.source))")
            }
            return
        }
        guard let name, let folder else { return }
        let run = try ReferenceRuns.named(name)
        Interrupt.shared.listen(saying: "interrupted; nothing was measured")
        let scratch = try StagingFolder(in: FileManager.default.temporaryDirectory, prefix: "genret-reproduce-")
        defer { scratch.discard() }
        var measurement = ReferenceMeasurement(run, folder: folder)
        (measurement.threads, measurement.monitor) = (threads, showing.monitor)
        let (rows, queries) = try measurement.measure(in: scratch.url)
        let report = Report(
            name: name, system: run.system, source: run.source, rules: run.rules.sentence, queries: queries,
            figures: rows)
        try reporting.say(report) {
            print("\(run.collection): \(run.system), \(queries) judged queries; \(run.rules.sentence)")
            for row in rows {
                print(
                    "\(row.measure)  ours \(String(format: "%.4f", row.ours))  published \(String(format: "%.4f", row.published))"
                        + "  difference \(String(format: "%+.4f", row.ours - row.published))  (\(run.source))")
            }
        }
    }
}
