import ArgumentParser
import Corpora
import Engine
import Foundation
import Indexing
import Transformers

/// Makes an index hold what a folder holds.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Make an index hold what a folder holds.",
        discussion: """
            Files that are new are added, those that changed are read anew, and the passages of those that are gone are \
            deleted, in one change. Files are known by their contents. Passages that did not come from the folder stay. \
            What .gitignore files leave out is left out. Where there is no index, one is made, as by "genret index"; the \
            options of reading are remembered.
            """)

    @Argument(help: "The index.") var index: String
    @Argument(help: "The folder.") var folder: String
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
    @Flag(help: "Let all passages of the folder go where nothing is left in it to read.") var allowEmpty = false
    @Flag(
        help:
            "At the first sync of an index: all its passages came from this folder, also those that it does not hold any more."
    )
    var claimAll = false
    @Flag(help: "Name every file that came, changed or went.") var verbose = false
    @Flag(help: "Make the first bad line of a file that is read an error.") var strict = false
    @Flag(inversion: .prefixedNo, help: "Accept passages that have a title and no text.") var allowTitleOnly: Bool?
    @Option(
        help: ArgumentHelp(
            "Reads these files, too, as text; * stays within a name, ** goes through folders. Repeatable.",
            valueName: "pattern"))
    var include: [String] = []
    @Option(help: ArgumentHelp("Leaves out these files and folders. Repeatable.", valueName: "pattern"))
    var exclude: [String] = []
    @Flag(inversion: .prefixedNo, help: "Follow links that lead out of the folder.") var followLinks: Bool?
    @Flag(inversion: .prefixedNo, help: "Leave out what .gitignore files leave out.") var gitignore: Bool?
    @Option(help: "Words in a passage cut from a text file. (default: as before, or 120)") var passageWords: Int?
    @Option(help: "Words repeated from one such passage to the next. (default: as before, or 20)")
    var overlapWords: Int?
    @Option(
        help: "The memory to keep to, as 2G or 512M; what needs more is cut into segments.", transform: MemorySize.bytes
    )
    var maxMemory: Int?
    @OptionGroup(title: "options of a new index") var build: BuildFlags
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard passageWords.map((1...1_000_000).contains) ?? true, overlapWords.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--passage-words is at least 1, --overlap-words less than that")
        }
        if index == "-" || index.isEmpty { throw ValidationError("an index is a folder; \"\(index)\" names none") }
    }

    func run() throws {
        var sync = FolderSync(index, folder)
        sync.change.isDryRun = dryRun
        sync.change.monitor = showing.monitor
        sync.reading = reading
        (sync.isStrict, sync.maxMemory, sync.allowsEmpty, sync.claimsAll) = (strict, maxMemory, allowEmpty, claimAll)
        if sync.hasIndex {
            if build.isGiven {
                throw ErrorMessage.Failure(
                    sentence:
                        "\(index): an index stands there already, and what it was built with stays; the options of a new index do not go with it"
                )
            }
        } else {
            // What cannot be written to is told before anything is read.
            try sync.newBuilder.checkDestination()
            sync.options = try build.options(.standard, language: build.language(of: sync.newBuilder))
            // Named generators are looked at before any work is done.
            _ = try sync.options.generatorFolder(in: .standard)
        }
        Interrupt.shared.listen(
            saying: sync.hasIndex ? "interrupted; the index is as it was" : "interrupted; no index was written")
        let report = try sync.run()
        try reporting.say(ReportJSON.Sync(report, of: index, isDryRun: dryRun)) {
            SyncSummary(report, index: index, isDryRun: dryRun, isVerbose: verbose).say(isQuiet: showing.isQuiet)
            if let build = report.build { try BuildSummary.say(build, at: index) }
        }
    }

    private var reading: FolderSync.Reading {
        var reading = FolderSync.Reading()
        (reading.allowTitleOnly, reading.followLinks, reading.obeysIgnoreFiles) = (
            allowTitleOnly, followLinks, gitignore
        )
        (reading.passageWords, reading.overlapWords) = (passageWords, overlapWords)
        reading.include = include.isEmpty ? nil : include
        reading.exclude = exclude.isEmpty ? nil : exclude
        return reading
    }
}
