import ArgumentParser
import Foundation
import Indexing

/// Deletes passages of an index.
struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete passages of an index by their ids or fields.",
        discussion: """
            Deleted passages are found no more at once. Their texts stay in the index's files until "genret compact" \
            writes these anew.
            """)

    @Argument(help: "The index.") var index: String
    @Argument(help: "Ids of passages.") var ids: [String] = []
    @Option(
        name: .customLong("ids"),
        help: ArgumentHelp("A file of ids, one a line; - is standard input.", valueName: "file"))
    var file: String?
    @OptionGroup var filter: FilterFlag
    @Flag(help: "Pass over ids that the index does not have.") var lenient = false
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        if filter.text != nil, !ids.isEmpty || file != nil {
            throw ValidationError("name the passages by ids or by --where, not by both")
        }
        if filter.text == nil, ids.isEmpty, file == nil {
            throw ValidationError("name the passages: ids, --ids with a file of them, or --where with a filter")
        }
    }

    func run() throws {
        var change = IndexChange(index)
        change.isDryRun = dryRun
        change.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let report =
            if let filter = try filter.filter() {
                try change.delete(where: filter)
            } else {
                try change.delete(ids: ids + (file.map(IDLines.of) ?? []), isLenient: lenient)
            }
        try reporting.say(ReportJSON.Change(report, of: index, isDryRun: dryRun)) {
            ChangeSummary.say(report, of: index, isDryRun: dryRun)
        }
    }
}
