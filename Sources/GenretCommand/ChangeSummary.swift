import IndexStore
import Indexing

/// What a change did, in a line.
enum ChangeSummary {
    /// Of passages.
    static func say(_ report: IndexChange.Report, of index: String, isDryRun: Bool) {
        var done: [String] = []
        for (count, what) in [(report.added, "added"), (report.replaced, "replaced"), (report.deleted, "deleted")]
        where count > 0 {
            done.append("\(count.grouped) \(what)")
        }
        let words = done.isEmpty ? "nothing to do" : (isDryRun ? "would be " : "") + done.joined(separator: ", ")
        say(words, report, of: index, isDryRun: isDryRun)
    }

    /// - Parameter words: what was done.
    static func say(_ words: String, _ report: IndexChange.Report, of index: String, isDryRun: Bool) {
        let state = isDryRun ? "" : "; \(extent(of: report.manifest)), \(report.seconds.asDuration)"
        print("\(index): \(words)\(state)")
    }

    /// How much an index holds.
    static func extent(of manifest: IndexManifest) -> String {
        "\(manifest.passages.grouped) passages in \(segments(manifest.segments.count))"
    }

    static func segments(_ count: Int) -> String { "\(count) segment\(count == 1 ? "" : "s")" }
}
