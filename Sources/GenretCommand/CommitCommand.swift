import ArgumentParser
import Foundation
import IndexStore
import Indexing
import Search

/// Makes one index of segments that were built by a plan.
struct CommitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Make one index of segments that were built by a plan.",
        discussion: """
            SEGMENTS are folders that "genret index --plan" wrote, or one file of the receipts that it printed, a line \
            each. Of several attempts at a segment one is taken; the others are left alone. Every byte is checked, and \
            what was not built by the plan is refused. The order is that of the segments' names.
            """)

    @Argument(help: "Where the index goes.") var index: String
    @Option(help: "The plan.") var plan: String
    @Argument(help: ArgumentHelp("Folders of segments, or a file of receipts.", valueName: "segments"))
    var segments: [String]
    @OptionGroup var showing: ProgressFlags

    func run() throws {
        let receipts = try SegmentReceipt.read(segments)
        var merge = IndexMerge(receipts.map(\.path), destination: index)
        merge.plan = try BuildPlan(plan)
        merge.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; no index was written")
        for receipt in receipts { try receipt.check() }
        let report = try merge.run()
        print(
            "\(index): \(report.passages.grouped) passages in \(ChangeSummary.segments(report.segments)), "
                + report.seconds.asDuration)
        if !report.kept.isEmpty { print("\(index): from the plan \(report.kept.map(\.name).joined(separator: ", "))") }
    }
}
