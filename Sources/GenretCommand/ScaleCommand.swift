import ArgumentParser
import Corpora
import Docids
import Engine
import Foundation
import Memory
import Studies
import Transformers

struct ScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Measure retrievers over growing samples of a corpus, and report.",
        discussion: """
            Every sample has all judged passages and then others, in an order that ids and the seed decide. For each \
            sample an index is built, searched and judged; a study that was ended goes on where it stands. A BEIR \
            folder brings its queries and judgements.

            genret scale CORPUS -o study/ --sizes 10k,100k,all
            genret scale CORPUS -o study/ --preset scaling-paper --sizes 2k,10k --steps 500
            genret scale --report study/
            genret scale --compare study-a/ study-b/ -o comparison/
            """)

    @Argument(help: "The corpus, as \"genret index\" reads it; with --compare the two studies.") var places: [String] =
        []
    @Option(help: "Queries, as \"genret search\" reads them (default: queries.jsonl of a BEIR folder).")
    var queries: String?
    @Option(help: "Judgements, as \"genret eval\" reads them (default: qrels/test.tsv of a BEIR folder).")
    var qrels: String?
    @Option(name: .shortAndLong, help: "The study's folder.") var output: String?
    @Option(
        help: ArgumentHelp(
            "A study by its name, of which other options change parts: "
                + StudyPresets.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ") + ".",
            valueName: "name"))
    var preset: String?
    @Option(help: "Passages of the samples: 500, 10k, 1M, all (default: 10k, 100k, 1M and all, as far as they go).")
    var sizes: String?
    @Option(help: "What is measured: bm25, ngram, dense, docid, merge (default: all that can be built).")
    var retrievers: String?
    @Option(
        help:
            "How other than judged passages are chosen: random, or pooled:N of BM25's first N; or both (default: random)."
    )
    var distractors: String?
    @Option(help: "Random samples of each size up to 100k (default: 1).") var replicates: Int?
    @Option(
        help: ArgumentHelp(
            "How many of the best are encoded for a query where they have static vectors (default: 20).",
            valueName: "numbers"))
    var encode: String?
    @Option(
        help:
            "Docids of the retriever docid: \(schemeNames(DocidScheme.anchored)); with --represent also \(schemeNames(DocidScheme.sequential)) (default: tree)."
    )
    var docids: String?
    @Option(
        help: ArgumentHelp(
            "What docids are learnt from: none (the vectors give them), labelled, first (64 words), spans-N, queries-N (a generator's), sentences-N, terms-N, title; or several, as labelled+queries-10 (default: none).",
            valueName: "texts"))
    var represent: String?
    @Option(help: "Layers of the networks that learn docids (default: 2).") var decoderLayers: String?
    @Option(help: "Steps for which they learn (default: 1000).") var steps: String?
    @Option(help: "Minutes for which they learn instead, or also; such results depend on the machine.")
    var minutes: String?
    @Option(help: "Whether autoregressive docids are generated under those that exist: yes, no (default: yes).")
    var constrained: String?
    @Option(
        help: ArgumentHelp(
            "Queries to learn labelled from (default: queries.jsonl of a BEIR folder).", valueName: "queries"))
    var trainQueries: String?
    @Option(
        help: ArgumentHelp("Their judgements (default: qrels/train.tsv of a BEIR folder).", valueName: "qrels"))
    var trainQrels: String?
    @Option(help: "Beams of the retriever docid (default: 10,100).") var beams: String?
    @Option(help: "Also with typing errors in these parts of the queries' words, as 0.1.") var typos: String?
    @Option(
        help: ArgumentHelp(
            "A share of the passages that is indexed first, and the parts in which the others are added, as 0.5:5.",
            valueName: "share:parts"))
    var growth: String?
    @Option(help: "Threads that a timed query may use (default: 1,all).") var threads: String?
    @Option(help: "The most queries; the seed says which.") var limitQueries: Int?
    @Option(help: "What is measured again: loaded, the cells that ran while other programs took much of the machine.")
    var redo: Redo?
    @Flag(help: "Only say what the study will take.") var dryRun = false
    @Flag(help: "Keep the indexes.") var keep = false
    @Flag(help: "Draw the report of a study again.") var report = false
    @Flag(help: "Set two studies side by side.") var compare = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var build: BuildFlags

    enum Redo: String, ExpressibleByArgument, CaseIterable { case loaded }

    func validate() throws {
        guard !report || !compare else { throw ValidationError("--report and --compare do not go together") }
        if report {
            guard places.count == 1 else { throw ValidationError("--report takes one study") }
        } else if compare {
            guard places.count == 2 else { throw ValidationError("--compare takes two studies") }
            guard output != nil else { throw ValidationError("--compare writes a page: give its folder with -o") }
        } else {
            guard places.count == 1 else { throw ValidationError("give one corpus") }
            guard places[0] != "-" else {
                throw ValidationError("a study reads its corpus more than once, which standard input does not allow")
            }
            guard output.map({ !$0.isEmpty && $0 != "-" }) ?? false else {
                throw ValidationError("give the study's folder with -o")
            }
            guard queries != "-" || qrels != "-" else {
                throw ValidationError("standard input, -, can be only one of the files")
            }
            _ = try ScaleFlags(self).plan()
        }
    }

    func run() throws {
        if report {
            try draw(try CellFile.read(places[0] + "/cells.jsonl"), in: places[0])
        } else if compare {
            try setSideBySide()
        } else {
            try measure()
        }
    }

    private func draw(_ cells: [StudyCell], in folder: String) throws {
        let report = StudyReport(cells: cells)
        let path = try report.write(to: folder)
        for sentence in report.sentences { print(sentence) }
        print(path)
    }

    private func setSideBySide() throws {
        guard let output else { return }
        let names = places.map { URL(filePath: $0).standardizedFileURL.lastPathComponent }
        let cells = try places.map { try CellFile.read($0 + "/cells.jsonl") }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        print(try StudyComparison(cells[0], cells[1], firstName: names[0], secondName: names[1]).write(to: output))
    }

    private func measure() throws {
        guard let output else { return }
        let models = ModelCache.standard
        let flags = ScaleFlags(self)
        let plan = try flags.plan(models, note: { ErrorMessage.note($0) })
        let judgements = try Qrels.read(path: try flags.qrelsPath())
        let input = try StudyInput(
            corpus: places[0], queries: try Queries.read(path: try flags.queriesPath()), qrels: judgements,
            limit: limitQueries, seed: plan.seed)
        let folder = try StudyFolder(output)
        var run = StudyRun(plan, input, in: folder, models: models)
        run.keepsBuilds = keep
        run.redoesLoaded = redo == .loaded
        run.monitor = showing.monitor
        let isQuiet = showing.isQuiet
        run.say = { if !isQuiet { ErrorMessage.note($0) } }
        Interrupt.shared.listen(saying: "interrupted; the cells that are done stay, and the same command goes on")
        if dryRun {
            say(try run.forecast())
        } else {
            try draw(try run.run(), in: folder.path)
        }
    }

    private func say(_ forecast: StudyForecast) {
        for line in forecast.lines {
            var parts = [(line.cost.seconds ?? 0).asDuration]
            parts.append("\((line.cost.memory ?? 0).asBytes) of memory")
            parts.append("\((line.cost.bytes ?? 0).asBytes) on disk")
            print(line.name + ": " + (line.isDone ? "done" : parts.joined(separator: ", ")))
        }
        print(
            "in all: \(forecast.seconds.asDuration), at most \(forecast.memory.asBytes) of memory and "
                + "\(forecast.disk.asBytes) on disk at a time; indexes that cells share are counted once")
        for line in forecast.lines {
            switch line.obstacle {
            case nil: break
            case .memory(let room)?:
                ErrorMessage.note("\(line.name) will not fit: there are \(room.asBytes) of memory")
            case .disk(let room)?: ErrorMessage.note("\(line.name) will not fit: there are \(room.asBytes) of disk")
            }
        }
    }
}
