import ArgumentParser
import Foundation
import Indexing

/// Writes segments of an index anew.
struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact", abstract: "Write small and half-deleted segments of an index anew, as one.",
        discussion: """
            Every "genret add" makes a segment, and a search asks all of them. Nothing is encoded or trained again, and \
            answers stay what they are, but for docids that no network was trained for: each segment has a tree of its own.
            """)

    @Argument(help: "The index.") var index: String
    @Flag(help: "All segments, also large ones, where there is anything to gain.") var all = false
    @Option(help: "The memory to keep to, as 2G or 512M.", transform: MemorySize.bytes)
    var maxMemory: Int?
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func run() throws {
        var change = IndexChange(index)
        change.isDryRun = dryRun
        change.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let report = try change.compact(all ? .all : .worthwhile, maxMemory: maxMemory)
        let verb = dryRun ? "would be written anew" : "written anew"
        let words =
            report.compacted == 0 ? "nothing to gain" : "\(ChangeSummary.segments(report.compacted)) \(verb)"
        try reporting.say(ReportJSON.Change(report, of: index, isDryRun: dryRun)) {
            ChangeSummary.say(words, report, of: index, isDryRun: dryRun)
        }
    }
}
