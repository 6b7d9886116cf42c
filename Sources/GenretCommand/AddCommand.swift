import ArgumentParser
import Engine
import Foundation
import IndexStore
import Indexing

/// Adds passages to an index.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add the passages of a corpus to an index.",
        discussion: """
            The corpus is read as by "genret index", and its passages get all that the index has for its others: \
            n-grams, terms, vectors, docids. All of them are added, or none. An id that the index has already is an \
            error; "genret update" replaces such passages.
            """)

    @OptionGroup var options: AdditionOptions

    func run() throws { try options.run(replaces: false) }
}

/// Adds passages to an index, in the place of those that it has under the same ids.
struct UpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Add the passages of a corpus to an index, or replace those of the same ids.")

    @OptionGroup var options: AdditionOptions

    func run() throws { try options.run(replaces: true) }
}

/// What adding is told.
struct AdditionOptions: ParsableArguments {
    @Argument(help: "The index.") var index: String
    @Argument(help: "The corpus; - is standard input.") var corpus: String
    @Flag(help: "Make the first bad line of the corpus an error.") var strict = false
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
    @Option(
        help: ArgumentHelp(
            "The passages' vectors, where the index's were imported (genret index --vectors).", valueName: "file"))
    var vectors: String?
    @Option(
        help: "The memory to keep to, as 2G or 512M; a corpus that needs more is cut into segments.",
        transform: MemorySize.bytes)
    var maxMemory: Int?
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func run(replaces: Bool) throws {
        var change = IndexChange(index)
        change.isDryRun = dryRun
        change.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let report = try change.add(
            corpus, isStrict: strict, replaces: replaces, maxMemory: maxMemory,
            vectors: try vectors.map { try ImportedVectors.read($0) })
        if let read = report.corpus {
            CorpusSummary.note(read, format: report.manifest.corpus.format, isQuiet: showing.isQuiet)
        }
        try reporting.say(ReportJSON.Change(report, of: index, isDryRun: dryRun)) {
            ChangeSummary.say(report, of: index, isDryRun: dryRun)
        }
    }
}
