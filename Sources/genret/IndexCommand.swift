import ArgumentParser
import Engine
import FMIndex
import Foundation
import Indexer
import Tensors
import Training
import Transformers

extension FMIndex.Profile: ExpressibleByArgument {}
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
    var ngramProfile: FMIndex.Profile?
    @Option(
        help: "A trained generator's folder, or its name in the model cache, that the index is given; none for none.")
    var generator = GeneratorConfiguration.general
    @Option(help: "Minutes in which that generator is trained on for this corpus; 0 leaves it as it is.")
    var trainMinutes = 1.0
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
        guard trainMinutes >= 0, trainMinutes.isFinite else {
            throw ValidationError("--train-minutes is not negative")
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
        let models = ModelCache.standard
        if noEncoder {
            options.encoder = nil
        } else if let encoder {
            options.encoder = encoder
        } else if let name = options.encoder, models.directory(of: name) == nil {
            ErrorMessage.note(
                "the encoder \(name) is not installed, so only n-grams and BM25 are indexed; \"genret model fetch \(name)\" gets it")
            options.encoder = nil
        }
        var builder = IndexBuilder(
            corpus: corpus, destination: output ?? defaultOutput, options: options, models: models)
        builder.replacesExisting = force
        builder.passageQueries = passageQueries
        builder.isCancelled = { Interrupt.shared.isRaised }
        let line = ProgressLine(isQuiet: quiet)
        builder.onProgress = { line.show($0) }
        Interrupt.shared.listen()
        try builder.checkDestination()
        try builder.checkMemory()
        let estimate = try builder.estimate()
        if !quiet { Terminal.error(describe(estimate) + "\n") }
        let report = try builder.build()
        summarise(report, at: builder.destination.path)
        if let folder = try generatorFolder(for: options.encoder, models) {
            try refine(builder.destination.path, folder, line)
        }
    }

    /// The generator that the index is given; nil where there is none for its encoder.
    private func generatorFolder(for encoder: String?, _ models: ModelCache) throws -> URL? {
        guard generator != "none", let encoder else { return nil }
        let isNamed = generator != GeneratorConfiguration.general
        let folder = models.directory(of: generator) ?? URL(filePath: generator)
        let file = folder.appending(path: "config.json")
        guard isNamed || FileManager.default.fileExists(atPath: file.path) else { return nil }
        let configuration = try GeneratorConfiguration(Checkpoint(contentsOf: folder).configuration, path: file.path)
        return isNamed || configuration.encoder == encoder ? folder : nil
    }

    private func refine(_ index: String, _ generator: URL, _ line: ProgressLine) throws {
        var refinement = GeneratorRefinement(
            index, general: generator, minutes: trainMinutes,
            threads: ProcessInfo.processInfo.activeProcessorCount)
        refinement.seed = seed
        refinement.isCancelled = { Interrupt.shared.isRaised }
        refinement.onProgress = { line.show($0) }
        let report = try refinement.run()
        let ranks = [("untrained", report.untrained), ("general", report.general)]
            + (report.refined.map { [("refined", $0)] } ?? [])
        print(
            "generator: \(report.choice.rawValue); MRR@10 of n-grams on \(report.questions) questions held out: "
                + ranks.map { "\($0.0) \(String(format: "%.3f", $0.1))" }.joined(separator: ", "))
    }

    private var defaultOutput: String {
        // What comes through a pipe has no name.
        if corpus == "-" || corpus.hasPrefix("/dev/") || corpus.hasPrefix("/proc/") { return "stdin.genret" }
        let name = URL(filePath: corpus).standardizedFileURL.lastPathComponent
        let stem = name.split(separator: ".").first.map(String.init) ?? "corpus"
        return stem + ".genret"
    }

    private func describe(_ estimate: IndexEstimate) -> String {
        """
        \(corpus): \(estimate.format), about \(estimate.passages.grouped) passages and \
        \(estimate.tokens.grouped) tokens
        estimate: \(estimate.seconds.asDuration), \(estimate.memoryBytes.asBytes) of memory, \
        \(estimate.diskBytes.asBytes) on disk
        """
    }

    private func summarise(_ report: IndexReport, at path: String) {
        CorpusSummary.note(report.corpus, format: report.manifest.corpus.format, isQuiet: quiet)
        let seconds = report.timings.reduce(0) { $0 + $1.seconds }
        let weights = report.manifest.fusion.weights.sorted { $0.key < $1.key }
            .map { "\($0.key) \(String(format: "%.2f", $0.value))" }.joined(separator: ", ")
        let count = report.manifest.segments.count
        let segments = count > 1 ? "\(count) segments, " : ""
        print(
            """
            \(path): \(report.manifest.passages.grouped) passages, \(report.manifest.tokens.grouped) tokens, \
            \(segments)\(seconds.asDuration), peak memory \(PeakMemory.bytes.asBytes)
            n-gram index: \(report.ngramProfile.rawValue), \(String(format: "%.1f", report.ngramBytesPerToken)) bytes a token
            fusion weights from \(report.manifest.fusion.pseudoQueries) pseudo-queries: \(weights)
            """)
    }
}
