import ArgumentParser
import Foundation
import Indexing
import Search

extension IndexMerge.Preference: ExpressibleByArgument {}

/// Makes one index of several.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make one index of several that were built alike.",
        discussion: """
            Nothing is built anew: segments are copied as they are, with what is deleted of them. The indexes must have \
            the same tokenizer, encoder and analysis, and no id may stand in two of them. Weights and trained docids hold \
            for one corpus only and are left out; "genret refresh" estimates the weights again.
            """)

    @Argument(help: ArgumentHelp("The indexes, two or more.", valueName: "part")) var parts: [String]
    @Option(name: .shortAndLong, help: "Where the new index goes.") var output: String
    @Option(help: "Which passage stays where two indexes have one of the same id: that of the first or of the last.")
    var prefer: IndexMerge.Preference?
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard parts.count >= 2 else { throw ValidationError("name two indexes or more") }
        if output == "-" || output.isEmpty {
            throw ValidationError("an index is a folder; -o \"\(output)\" names none")
        }
    }

    func run() throws {
        var merge = IndexMerge(parts, destination: output)
        (merge.preference, merge.isDryRun) = (prefer, dryRun)
        merge.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; no index was written")
        let report = try merge.run()
        try reporting.say(ReportJSON.Merge(report, at: output, isDryRun: dryRun)) { say(report) }
    }

    private func say(_ report: IndexMerge.Report) {
        let would = dryRun ? "would have " : ""
        let time = dryRun ? "" : ", \(report.seconds.asDuration)"
        print(
            "\(output): \(would)\(report.passages.grouped) passages in \(ChangeSummary.segments(report.segments)) of "
                + "\(parts.count) indexes\(time)")
        if report.outvoted > 0 {
            print("\(output): \(report.outvoted.grouped) passages gave way to others of the same ids")
        }
        if !report.kept.isEmpty {
            print("\(output): kept \(report.kept.map(\.name).joined(separator: ", "))")
        }
        guard !report.dropped.isEmpty else { return }
        print(
            "\(output): left out \(report.dropped.map(\.name).joined(separator: ", ")), which hold\(report.dropped.count == 1 ? "s" : "") for one of them only; "
                + "\"genret refresh \(output)\" estimates weights for all")
    }
}
