import Corpora

/// What a build says of the files and lines that it read and skipped.
enum CorpusSummary {
    /// - Parameter isQuiet: leaves out what nobody would miss: what was read, and what a BEIR folder has
    ///   beside its corpus.
    static func note(_ report: CorpusReport, format: String, isQuiet: Bool) {
        if !report.readFiles.isEmpty {
            if !isQuiet { ErrorMessage.note("read \(files(report.readFiles))") }
            if !isQuiet || format != CorpusFormat.beirFolder.description { notePassedOver(report) }
        }
        for bad in report.badLines { ErrorMessage.note("skipped \(bad)") }
        let more = report.badLineCount - report.badLines.count
        if more > 0 { ErrorMessage.note("skipped \(more.grouped) more bad line\(more == 1 ? "" : "s")") }
        if report.titleOnlyCount > 0 {
            let count = report.titleOnlyCount
            ErrorMessage.note(
                "skipped \(count.grouped) passage\(count == 1 ? "" : "s") with a title and no text; "
                    + titleOnlyAdvice)
        }
    }

    static let titleOnlyAdvice = "--allow-title-only lets such passages in"

    private static func notePassedOver(_ report: CorpusReport) {
        guard !report.passedOver.isEmpty else { return }
        var advice = "--include adds files"
        if report.passedOver[.linkOutside] != nil { advice += ", --follow-links follows links out of the folder" }
        if report.passedOver[.ignored] != nil { advice += ", --no-gitignore takes what git ignores" }
        ErrorMessage.note("skipped \(files(report.passedOver)); \(advice)")
    }

    private static func files(_ tally: FileTally) -> String {
        let areFiles = tally.entries.allSatisfy { if case .ending = $0.kind { true } else { false } }
        let noun = areFiles ? (tally.count == 1 ? "file" : "files") : "in the folder"
        return "\(tally.count.grouped) \(noun): \(tally)"
    }
}
