import ArgumentParser
import Corpora
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
    @Option(help: "Passages of the samples: 500, 10k, 1M, all (default: 10k, 100k, 1M and all, as far as they go).")
    var sizes: String?
    @Option(help: "What is measured: bm25, ngram, dense, docid, merge (default: all that can be built).")
    var retrievers: String?
    @Option(help: "How other than judged passages are chosen: random, or pooled:N of BM25's first N; or both.")
    var distractors = "random"
    @Option(help: "Random samples of each size up to 100k.") var replicates = 1
    @Option(help: "Docids of the retriever docid: tree, rq.") var docids = "tree"
    @Option(help: "Beams of the retriever docid.") var beams = "10,100"
    @Option(help: "Also with typing errors in these parts of the queries' words, as 0.1.") var typos: String?
    @Option(help: "Threads that a timed query may use.") var threads = "1,all"
    @Option(help: "The most queries; the seed says which.") var limitQueries: Int?
    @Flag(help: "Only say what the study will take.") var dryRun = false
    @Flag(help: "Keep the indexes.") var keep = false
    @Flag(help: "Draw the report of a study again.") var report = false
    @Flag(help: "Set two studies side by side.") var compare = false
    @Flag(name: .shortAndLong, help: "No progress.") var quiet = false
    @OptionGroup var build: BuildFlags

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
            _ = try ScaleFlags(self).plan(options: IndexOptions())
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
        let plan = try flags.plan(options: try build.options(models))
        let judgements = try Qrels.read(path: try flags.qrelsPath())
        let input = try StudyInput(
            corpus: places[0], queries: try Queries.read(path: try flags.queriesPath()), qrels: judgements,
            limit: limitQueries, seed: plan.seed)
        let folder = try StudyFolder(output)
        var run = StudyRun(plan, input, in: folder, models: models)
        run.keepsBuilds = keep
        run.monitor = ProgressLine(isQuiet: quiet).monitor
        let isQuiet = quiet
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
