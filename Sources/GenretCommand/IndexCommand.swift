import ArgumentParser
import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Transformers

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Build an index from a corpus.",
        discussion: """
            CORPUS is a BEIR folder or corpus.jsonl, JSON with id and text, an MS MARCO or DPR table, \
            a CSV file with a header, or a folder of such files and of .txt and .md files; .gz and \
            .zst are read as they are, and so are pipes. The format is recognised by its content.

            --help-all shows all options, those of experts too.
            """)

    @Argument(help: "The corpus; - is standard input.") var corpus: String
    @Argument(help: .private) var others: [String] = []
    @Option(name: .shortAndLong, help: "Where the index goes (default: the corpus' name with .genret).")
    var output: String?
    @Flag(help: "Replace an index that stands there.") var force = false
    @Flag(help: "Make the first bad line of the corpus an error.") var strict = false
    @Flag(help: "Accept passages that have a title and no text.") var allowTitleOnly = false
    @Option(
        help: ArgumentHelp(
            "Reads these files of a folder, too, as text; * stays within a name, ** goes through folders. Repeatable.",
            valueName: "pattern"))
    var include: [String] = []
    @Option(help: ArgumentHelp("Leaves out these files and folders of a folder. Repeatable.", valueName: "pattern"))
    var exclude: [String] = []
    @Flag(help: ArgumentHelp("Follow links that lead out of the folder.", visibility: .hidden)) var followLinks = false
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp("Leave out what the .gitignore files of a folder leave out.", visibility: .hidden))
    var gitignore =
        false
    @Option(help: ArgumentHelp("Words in a passage cut from a text file.", visibility: .hidden)) var passageWords = 120
    @Option(help: ArgumentHelp("Words repeated from one such passage to the next.", visibility: .hidden))
    var overlapWords = 20
    @Option(
        help: ArgumentHelp(
            "Queries that passages carry as identifiers: lines of passage id, tab, query, or JSON with _id and text.",
            valueName: "file", visibility: .hidden))
    var passageQueries: String?
    @Option(
        help: ArgumentHelp(
            "The passages' vectors by an encoder of your own, instead of genret's: .npy, .safetensors (with :NAME for one of several tensors) or .jsonl with id and vector.",
            valueName: "file"))
    var vectors: String?
    @OptionGroup var build: BuildFlags
    @Option(help: ArgumentHelp("Build by this plan (genret plan), for genret commit.", visibility: .hidden)) var plan:
        String?
    @Option(
        help: ArgumentHelp(
            "What the segment is called that is built by a plan; names give the order (default: the output's name).",
            visibility: .hidden))
    var segment: String?
    @Option(
        help: "The memory to keep to, as 2G or 512M; a corpus that needs more is cut into segments.",
        transform: MemorySize.bytes)
    var maxMemory: Int?
    @Option(help: "Threads. (default: all cores)") var threads: Int?
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard others.isEmpty else {
            throw ValidationError(
                "\(others[0]) is a second corpus; an index is built of one: put the files into a folder, or index \(corpus) and \"genret add\" the rest"
            )
        }
        if let output, output == "-" || output.isEmpty {
            throw ValidationError("an index is a folder; -o \"\(output)\" names none")
        }
        if plan != nil, build.isGiven {
            throw ValidationError("with --plan the plan says how the index is built; leave the other options out")
        }
        if vectors != nil {
            if plan != nil { throw ValidationError("--vectors does not go with --plan") }
            try build.checkWithVectors()
        }
        guard threads ?? 1 > 0 else { throw ValidationError("--threads is at least 1") }
        if segment != nil, plan == nil { throw ValidationError("--segment names a segment of a --plan") }
        guard (1...1_000_000).contains(passageWords), (0..<passageWords).contains(overlapWords) else {
            throw ValidationError("--passage-words is at least 1, --overlap-words less than that")
        }
    }

    /// Where there is a plan it says how the index is built.
    private func options(
        _ plan: BuildPlan?, _ models: ModelCache, _ language: TextLanguage?
    ) throws -> IndexOptions {
        var options =
            plan == nil ? try build.options(models, language: language, isEncoded: vectors == nil) : IndexOptions()
        options.corpus = reading
        options.maxMemory = maxMemory
        return plan?.options(reading: options) ?? options
    }

    private var reading: CorpusOptions {
        var reading = CorpusOptions()
        reading.strict = strict
        reading.allowTitleOnly = allowTitleOnly
        reading.passageWords = passageWords
        reading.overlapWords = overlapWords
        reading.include = include
        reading.exclude = exclude
        reading.followLinks = followLinks
        reading.obeysIgnoreFiles = gitignore
        return reading
    }

    func run() throws {
        if let threads { Parallel.bound(cores: threads) }
        let models = ModelCache.standard
        let plan = try plan.map { try BuildPlan($0, models: models) }
        var base = IndexOptions()
        base.corpus = reading
        var builder = IndexBuilder(
            corpus: corpus, destination: try output ?? defaultOutput(), options: base, models: models)
        builder.plan = plan
        builder.replacesExisting = force
        builder.passageQueries = passageQueries
        builder.vectors = try vectors.map { try ImportedVectors.read($0) }
        builder.monitor = showing.monitor
        Interrupt.shared.listen(saying: "interrupted; no index was written")
        try builder.checkDestination()
        // A plan has decided.
        let language = plan == nil ? try build.language(of: builder) : nil
        let options = try options(plan, models, language)
        builder.options = options
        try builder.checkMemory()
        if plan != nil { return try buildSegment(builder) }
        // Named generators are looked at before any work is done.
        _ = try options.generatorFolder(in: models)
        let forecast = try builder.forecast()
        if !showing.isQuiet {
            Terminal.error(describe(forecast) + "\n")
            if let language { Terminal.error(LanguageLine.text(language, options) + "\n") }
        }
        let report = try builder.build()
        CorpusSummary.note(report.corpus, format: report.manifest.corpus.format, isQuiet: showing.isQuiet)
        let place = builder.destination.path
        try reporting.say(ReportJSON.Build(report, at: place)) { try BuildSummary.say(report, at: place) }
    }

    /// Builds a segment and prints its receipt, and nothing else, on standard output.
    private func buildSegment(_ builder: IndexBuilder) throws {
        let report = try builder.build()
        CorpusSummary.note(report.corpus, format: report.manifest.corpus.format, isQuiet: showing.isQuiet)
        let receipt = try SegmentReceipt(builder.destination, segment: segment)
        print(try AnswerJSON.text(of: receipt, isLine: true))
    }

    /// The corpus' name without what tells its format, in the current folder; beside the corpus where the
    /// current folder is in it, as an index is no text to be indexed.
    private func defaultOutput() throws -> String {
        // What comes through a pipe has no name.
        if corpus == "-" || corpus.hasPrefix("/dev/") || corpus.hasPrefix("/proc/") { return "stdin.genret" }
        let place = URL(filePath: corpus).standardizedFileURL.resolvingSymlinksInPath()
        var name = Substring(place.lastPathComponent)
        while let ending = Self.corpusEndings.first(where: { name.count > $0.count && name.hasSuffix($0) }) {
            name = name.dropLast(ending.count)
        }
        guard !name.isEmpty, name != "/" else {
            throw ValidationError("\(corpus) gives the index no name; give one with -o")
        }
        let here = URL(filePath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath().path
        let isInside = here == place.path || here.hasPrefix(place.path + "/")
        return (isInside ? place.deletingLastPathComponent().path + "/" : "") + name + ".genret"
    }

    private static let corpusEndings = [".gz", ".zst", ".jsonl", ".json", ".tsv", ".csv", ".txt", ".md"]

    private func describe(_ forecast: BuildForecast) -> String {
        """
        \(corpus): \(forecast.format), about \(forecast.passages.grouped) passages and \
        \(forecast.tokens.grouped) tokens
        estimate: \(forecast.seconds.asDuration), \(forecast.memoryBytes.asBytes) of memory, \
        \(forecast.diskBytes.asBytes) on disk
        """
    }
}
