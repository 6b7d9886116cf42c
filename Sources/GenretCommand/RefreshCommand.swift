import ArgumentParser
import Foundation
import IndexStore
import Indexing
import Memory
import Search

/// Does again what has aged.
struct RefreshCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Estimate again what was estimated before passages came or left.",
        discussion: """
            Weights are estimated anew, and passages that came after docids were trained get theirs. How much is done is \
            said in queries and steps, so that every machine makes the same index; the time that it will take is printed. \
            "genret inspect" shows what has aged.
            """)

    @Argument(help: "The index.") var index: String
    @Option(help: "Queries of each estimate.") var queries = 400
    @Option(
        help:
            "Steps for which trained docids are trained on, from where they stand; 0 trains nothing, and passages find their docids by the prefixes that were learnt."
    )
    var steps = 0
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = Parallel.cores
    @Flag(help: "Say what has aged, and do nothing.") var dryRun = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard (1...100_000).contains(queries), (0...1_000_000).contains(steps), threads > 0 else {
            throw ValidationError("--queries is 1 to 100000, --steps 0 to 1000000, --threads at least 1")
        }
    }

    func run() throws {
        var refresh = IndexRefresh(index)
        (refresh.queries, refresh.steps, refresh.seed, refresh.threads) = (queries, steps, seed, threads)
        refresh.isDryRun = dryRun
        refresh.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let report = try refresh.run()
        try reporting.say(json(report)) { say(report) }
    }

    private func json(_ report: IndexRefresh.Report) -> ReportJSON.Refresh {
        ReportJSON.Refresh(
            index: index, isDryRun: dryRun,
            items: report.items.map { item in
                ReportJSON.Refresh.Item(
                    id: item.id.name, isMissing: item.isMissing, came: item.came, left: item.left,
                    outcome: item.outcome.map { String(Self.words($0).drop { "; ".contains($0) }) })
            }, passages: report.manifest.passages, seconds: report.seconds)
    }

    private func say(_ report: IndexRefresh.Report) {
        guard !report.items.isEmpty else { return print("\(index): nothing has aged") }
        if dryRun, let forecast = report.forecast { print("\(index): estimate: \(forecast.asDuration)") }
        for item in report.items { print("\(index): \(item.id): \(Self.age(of: item))\(Self.words(item.outcome))") }
        if !dryRun { print("\(index): \(ChangeSummary.extent(of: report.manifest)), \(report.seconds.asDuration)") }
    }

    private static func age(of item: IndexRefresh.Item) -> String {
        guard !item.isMissing else { return "there was none" }
        let counts = [(item.came, "came"), (item.left ?? 0, "left")].filter { $0.0 > 0 }
        guard !counts.isEmpty else { return "made with what is made anew" }
        return counts.enumerated().map { place, count in
            "\(count.0.grouped)\(place == 0 ? " passage\(count.0 == 1 ? "" : "s")" : "") \(count.1)"
        }.joined(separator: ", ") + " since"
    }

    private static func words(_ outcome: IndexRefresh.Outcome?) -> String {
        switch outcome {
        case nil: ""
        case .estimated(let report):
            "; \(report.value), \(report.measure) of \(report.queries) queries "
                + String(format: "%.4f", report.objective)
        case .entered(let summary): "; not trained on (--steps), all passages entered: \(summary)"
        case .trained(let summary, true): "; trained on: \(summary)"
        case .trained(let summary, false):
            "; training on did not help and was not accepted, all passages entered: \(summary)"
        case .left(let reason): "; left as it is: \(ErrorMessage.sentence(of: reason))"
        }
    }
}
