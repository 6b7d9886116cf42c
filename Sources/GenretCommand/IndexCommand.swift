import ArgumentParser
import Corpora
import Engine
import FMIndex
import Foundation
import IndexStore
import Indexing
import Memory
import Tensors
import Transformers

extension NgramProfile: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Build an index from a corpus.",
        discussion: """
            CORPUS is a BEIR folder or corpus.jsonl, JSON with id and text, an MS MARCO or DPR table, \
            a CSV file with a header, or a folder of such files and of .txt and .md files; .gz and \
            .zst are read as they are, and so are pipes. The format is recognised by its content.
            """)

    @Argument(help: "The corpus; - is standard input.") var corpus: String
    @Option(name: .shortAndLong, help: "Where the index goes (default: the corpus' name with .genret).")
    var output: String?
    @Flag(help: "Replace an index that stands there.") var force = false
    @Option(help: "The encoder, by its name in the model cache.") var encoder: String?
    @Option(help: "The encoder's precision for passages: float32, float16, bfloat16 or int8, the fastest.")
    var encoderPrecision: Precision?
    @Flag(help: "Index without an encoder: n-grams and BM25 only.") var noEncoder = false
    @Flag(help: "Make the first bad line of the corpus an error.") var strict = false
    @Flag(help: "Accept passages that have a title and no text.") var allowTitleOnly = false
    @Option(
        help: ArgumentHelp(
            "Reads these files of a folder, too, as text; * stays within a name, ** goes through folders. Repeatable.",
            valueName: "pattern"))
    var include: [String] = []
    @Option(help: ArgumentHelp("Leaves out these files and folders of a folder. Repeatable.", valueName: "pattern"))
    var exclude: [String] = []
    @Flag(help: "Follow links that lead out of the folder.") var followLinks = false
    @Option(help: "Words in a passage cut from a text file.") var passageWords = 120
    @Option(help: "Words repeated from one such passage to the next.") var overlapWords = 20
    @Option(help: "Children of a node of the docid tree.") var fanout = 32
    @Option(help: "Passages of a leaf of the docid tree.") var leafSize = 32
    @Option(help: "Pseudo-queries that estimate the fusion weights; 0 leaves them equal.")
    var pseudoQueries = 400
    @Option(
        help: ArgumentHelp(
            "Queries that passages carry as identifiers: lines of passage id, tab, query, or JSON with _id and text.",
            valueName: "file"))
    var passageQueries: String?
    @Option(help: "What the n-gram index holds: fast (some 9 bytes a token) or compact (2.5); by size if not given.")
    var ngramProfile: NgramProfile?
    @Option(
        help:
            "A trained generator's folder, or its name in the model cache, that the index is given; none for none (default: the one that comes with genret)."
    )
    var generator: String?
    @Option(
        help:
            "Steps for which that generator is trained on for this corpus; 0 leaves it as it is (default: \(IndexOptions().trainSteps))."
    )
    var trainSteps: Int?
    @Option(help: "The most minutes that these steps may take; 0 leaves the generator as it is (default: no bound).")
    var trainMinutes: Double?
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(
        help: "The memory to keep to, as 2G or 512M; a corpus that needs more is cut into segments.",
        transform: MemorySize.bytes)
    var maxMemory: Int?
    @Flag(name: .shortAndLong, help: "No progress.") var quiet = false

    func validate() throws {
        guard (2...4096).contains(fanout), (1...4096).contains(leafSize), (0...100_000).contains(pseudoQueries)
        else {
            throw ValidationError(
                "--fanout is 2 to 4096, --leaf-size 1 to 4096, --pseudo-queries 0 to 100000")
        }
        if let output, output == "-" || output.isEmpty {
            throw ValidationError("an index is a folder; -o \"\(output)\" names none")
        }
        if let trainMinutes, !(trainMinutes >= 0 && trainMinutes.isFinite) {
            throw ValidationError("--train-minutes is not negative")
        }
        if noEncoder, encoder != nil || encoderPrecision != nil {
            throw ValidationError("--no-encoder goes with neither --encoder nor --encoder-precision")
        }
        if noEncoder, generator.map({ $0 != "none" }) ?? false {
            throw ValidationError("a generator reads an encoder's states; --generator does not go with --no-encoder")
        }
        if let trainSteps, !(0...1_000_000).contains(trainSteps) {
            throw ValidationError("--train-steps is 0 to 1000000")
        }
        if trainMinutes != nil || trainSteps != nil, noEncoder || generator == "none" {
            throw ValidationError(
                "there is no generator to train: --train-steps and --train-minutes go with neither --no-encoder nor --generator none"
            )
        }
        guard (1...1_000_000).contains(passageWords), (0..<passageWords).contains(overlapWords) else {
            throw ValidationError("--passage-words is at least 1, --overlap-words less than that")
        }
    }

    func run() throws {
        var options = IndexOptions()
        options.corpus.strict = strict
        options.corpus.allowTitleOnly = allowTitleOnly
        options.corpus.passageWords = passageWords
        options.corpus.overlapWords = overlapWords
        options.corpus.include = include
        options.corpus.exclude = exclude
        options.corpus.followLinks = followLinks
        options.encoderPrecision = encoderPrecision
        options.fanout = fanout
        options.leafSize = leafSize
        options.pseudoQueries = pseudoQueries
        options.seed = seed
        options.ngramProfile = ngramProfile
        options.maxMemory = maxMemory
        options.generator = generator.map { $0 == "none" ? nil : $0 } ?? options.generator
        options.trainSteps = trainMinutes == 0 ? 0 : trainSteps ?? options.trainSteps
        options.trainMinutes = trainMinutes.flatMap { $0 > 0 ? $0 : nil }
        let models = ModelCache.standard
        if noEncoder {
            options.encoder = nil
        } else if let encoder {
            options.encoder = encoder
        } else if let name = options.encoder, models.directory(of: name) == nil {
            ErrorMessage.note(
                "the encoder \(name) is not installed, so only n-grams and BM25 are indexed; \"genret model fetch \(name)\" gets it"
            )
            options.encoder = nil
        }
        if options.encoder == nil, generator.map({ $0 != "none" }) ?? false {
            throw ErrorMessage.Failure(sentence: "a generator reads an encoder's states, and there is no encoder")
        }
        var builder = IndexBuilder(
            corpus: corpus, destination: try output ?? defaultOutput(), options: options, models: models)
        builder.replacesExisting = force
        builder.passageQueries = passageQueries
        builder.monitor = ProgressLine(isQuiet: quiet).monitor
        Interrupt.shared.listen(saying: "interrupted; no index was written")
        try builder.checkDestination()
        try builder.checkMemory()
        // Named generators are looked at before any work is done.
        _ = try options.generatorFolder(in: models)
        let forecast = try builder.forecast()
        if !quiet { Terminal.error(describe(forecast) + "\n") }
        let report = try builder.build()
        summarise(report, at: builder.destination.path)
        switch report.refinement {
        case nil: break
        case .success(let refinement): describe(refinement)
        case .failure(is Cancelled), .failure(EngineError.cancelled):
            throw ErrorMessage.Failure(
                sentence: "interrupted; \(builder.destination.path) stands, without a trained generator", code: 130)
        case .failure(let error):
            ErrorMessage.note("\(builder.destination.path) stands, without a trained generator:")
            throw error
        }
    }

    private func describe(_ report: GeneratorRefinement.Report) {
        let ranks =
            [("none", report.none), ("base", report.base)]
            + (report.refined.map { [("refined", $0)] } ?? [])
        print(
            "generator: \(report.choice.rawValue); MRR@10 of n-grams on \(report.questions) questions held out: "
                + ranks.map { "\($0.0) \(String(format: "%.3f", $0.1))" }.joined(separator: ", "))
        if report.isCutShort {
            ErrorMessage.note(
                "--train-minutes ended the training of the generator before its last step; another machine may make another index"
            )
        }
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

    private func summarise(_ report: IndexReport, at path: String) {
        CorpusSummary.note(report.corpus, format: report.manifest.corpus.format, isQuiet: quiet)
        let count = report.manifest.segments.count
        let segments = count > 1 ? "\(count) segments, " : ""
        print(
            """
            \(path): \(report.manifest.passages.grouped) passages, \(report.manifest.tokens.grouped) tokens, \
            \(segments)\(report.seconds.asDuration), peak memory \(PeakMemory.bytes.asBytes)
            n-gram index: \(report.ngramProfile.rawValue), \(String(format: "%.1f", report.ngramBytesPerToken)) bytes a token
            """)
        for line in PartLines.estimates(of: report.manifest) { print(line) }
    }
}
