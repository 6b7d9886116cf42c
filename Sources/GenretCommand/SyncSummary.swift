import Corpora
import IndexStore
import Indexing

/// What a sync did, in words.
struct SyncSummary {
    private let report: FolderSync.Report
    private let index: String
    private let isDryRun: Bool
    private let isVerbose: Bool

    init(_ report: FolderSync.Report, index: String, isDryRun: Bool, isVerbose: Bool) {
        (self.report, self.index, self.isDryRun, self.isVerbose) = (report, index, isDryRun, isVerbose)
    }

    func say(isQuiet: Bool) {
        // Who asks every hour need not hear every hour what is never read.
        let format = isQuiet ? CorpusFormat.beirFolder.description : ""
        CorpusSummary.note(report.corpus, format: format, isQuiet: isQuiet)
        for fault in report.faults {
            let state = report.files.kept.contains { $0 == fault.name || $0.hasPrefix(fault.name + "/") }
            ErrorMessage.note("\(fault.name): \(fault.reason); \(state ? "what it had stays" : "it is left out")")
        }
        if isVerbose {
            for (mark, names) in [
                ("added", report.files.added), ("adopted", report.files.adopted), ("changed", report.files.changed),
                ("removed", report.files.removed), ("kept", report.files.kept),
            ] {
                for name in names { print("\(mark) \(name)") }
            }
        }
        print("\(index): \(sentence)")
    }

    private var sentence: String {
        if report.isSame { return "nothing to change; \(files(report.files.unchanged))\(others)" }
        let (added, adopted) = (report.files.added.count, report.files.adopted.count)
        let (changed, removed) = (report.files.changed.count, report.files.removed.count)
        let counts = [
            (added, "added"), (adopted, "taken up as they are"), (changed, "changed"), (removed, "removed"),
            (report.files.kept.count, "kept unread"), (report.files.unchanged, "unchanged"),
        ]
        let kinds = counts.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
        let passages = [(report.added, "added"), (report.replaced, "replaced"), (report.deleted, "deleted")]
            .filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
        let would = isDryRun ? "would be " : ""
        var words = "files: \(would)\(kinds.isEmpty ? "none" : kinds)"
        words += "; passages: " + (passages.isEmpty ? "all as they were" : would + passages)
        if let manifest = report.manifest, !isDryRun, report.build == nil {
            words += "; \(ChangeSummary.extent(of: manifest)), \(report.seconds.asDuration)"
        }
        return words + others
    }

    private func files(_ count: Int) -> String { "\(count.grouped) file\(count == 1 ? "" : "s") unchanged" }

    private var others: String {
        report.others > 0
            ? "; \(report.others.grouped) passage\(report.others == 1 ? "" : "s") from elsewhere stay\(report.others == 1 ? "s" : "")"
            : ""
    }
}
