import ArgumentParser
import Corpora
import Engine
import Evaluation
import Foundation
import Memory
import Rerankers
import Tensors
import Transformers

struct RerankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerank", abstract: "Order candidates anew by a language model.",
        discussion: """
            Candidates come from an index's own search, from a run whose texts an index or a corpus has, or from a \
            file of documents for one query. A method is METHOD or METHOD:MODEL, with options after commas: \
            setwise,children=9,top=5. There are:

            \(RerankMethods.all.map { "\($0.name): \($0.summary) (\($0.options.sorted().joined(separator: ", ")))" }.joined(separator: "\n"))

            Several methods stand in one table: what they reach, and what they take. The same command goes on where it \
            was interrupted.

            --help-all shows all options, those of experts too.
            """)

    @Argument(help: "The index that has the passages, and finds them where no run is given.") var index: String?
    @Option(help: "A corpus that has the passages of the run, in place of an index.") var corpus: String?
    @Option(name: .customLong("run"), help: "The run whose passages are ordered anew.") var given: String?
    @Option(name: [.long, .customLong("topics")], help: "Queries, as \"genret search\" reads them.") var queries:
        String?
    @Option(help: "One query, for --documents.") var query: String?
    @Option(help: "Texts to order for --query: a text a line, or JSON with id and text; - is standard input.")
    var documents: String?
    @Option(
        name: .shortAndLong, parsing: .upToNextOption, help: "Methods. (default: \(RerankSpec.usualMethod))")
    var method: [String] = []
    @Option(name: .shortAndLong, help: "Where the run goes; of several methods a folder of runs.") var output: String?
    @Option(help: "How many of the best are ordered anew; the others stay below them.") var depth = 20
    @Option(name: [.customLong("hits"), .customShort("k")], help: "How many passages an index's own search gives.")
    var hits = 100
    @Option(help: "What a query may take: tokens, or seconds as 2s; what is not reached stays below.") var budget:
        Budget?
    @Option(help: "Judgements: the table says what is reached.") var qrels: String?
    @Option(help: "The measure.") var measure = "ndcg_cut_10"
    @Option(help: "Only so many of the judged queries, drawn by --seed.") var sample: Int?
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = Parallel.cores
    @Option(help: ArgumentHelp("The precision of models: float32, float16, bfloat16 or int8.", visibility: .hidden))
    var precision = Precision.int8
    @Flag(
        help: ArgumentHelp("Read every prompt for itself, also what prompts begin with alike.", visibility: .hidden))
    var unshared = false
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    /// "4000" tokens or "2.5s".
    struct Budget: ExpressibleByArgument {
        let value: RerankWork.Budget

        init?(argument: String) {
            if let tokens = Int(argument), tokens > 0 {
                value = .tokens(tokens)
            } else if argument.hasSuffix("s"), let seconds = Double(argument.dropLast()), seconds > 0, seconds.isFinite
            {
                value = .seconds(seconds)
            } else {
                return nil
            }
        }
    }

    func validate() throws {
        guard depth > 0, hits > 0, threads > 0, sample ?? 1 > 0 else {
            throw ValidationError("--depth, --hits, --threads and --sample are at least 1")
        }
        _ = try specs()
        guard (query == nil) == (documents == nil) else { throw ValidationError("--query and --documents go together") }
        if documents != nil {
            guard index == nil, corpus == nil, given == nil, queries == nil, qrels == nil, output == nil,
                method.count < 2
            else {
                throw ValidationError("--documents orders the texts of one query by one method and prints them")
            }
            return
        }
        guard queries != nil else {
            throw ValidationError("name the queries (--queries), or texts (--query and --documents)")
        }
        guard (index == nil) != (corpus == nil) else {
            throw ValidationError("name an index, or a --corpus that has the texts of a --run")
        }
        guard corpus == nil || given != nil else { throw ValidationError("a --corpus has no search; give a --run") }
        guard output != nil || qrels != nil else {
            throw ValidationError("give -o for the run, --qrels for what it reaches, or both")
        }
        guard sample == nil || qrels != nil else { throw ValidationError("--sample draws from the queries of --qrels") }
        guard MeasureList(measure)?.measures.count == 1 else { throw ValidationError("--measure names one measure") }
    }

    private func specs() throws -> [RerankSpec] {
        try (method.isEmpty ? [RerankSpec.usualMethod] : method).map { text in
            do { return try RerankSpec(text) } catch { throw ValidationError("--method \(text): \(error)") }
        }
    }

    func run() throws {
        let specs = try specs()
        let models = RerankModels(precision: precision, threads: threads, sharesPrefixes: !unshared)
        if let query, let documents { return try order(documents, for: query, specs[0], models) }
        if let output, specs.count == 1 { try AtomicFile.check(output) }
        let judged = try qrels.map { try Qrels.read(path: $0) }
        let lists = try RerankLists(
            index: index, corpus: corpus, given: given.map { try TRECRun.read(path: $0) }, queries: wanted(judged),
            depth: specs.reduce(depth) { max($0, $1.depth ?? 0) }, hits: hits, threads: threads)
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from here")
        var rows: [RerankTable.Row] = []
        if specs.count > 1 || judged != nil { rows.append(.init("first", lists.first, RerankCost())) }
        for spec in specs {
            let place = output.map {
                specs.count == 1 ? $0 : "\($0)/\(spec.description.replacing("/", with: "_")).trec"
            }
            let job = RerankJob(
                spec: spec, lists: lists, depth: depth, budget: budget?.value ?? .none, seed: seed, output: place,
                identity: "\(precision.rawValue) \(unshared)", monitor: showing.monitor)
            let (run, cost) = try job.run { try models.method(spec) }
            if let place {
                try run.write(to: place)
                job.forget()
            }
            rows.append(.init(spec.description, run, cost))
        }
        let table = RerankTable(rows: rows, qrels: judged, measure: measure)
        if reporting.json {
            for line in try table.lines() { print(line) }
        } else if output != "-" || specs.count > 1 {
            print(table.text, terminator: "")
        }
    }

    /// The queries, or those that are drawn.
    private func wanted(_ judged: Qrels?) throws -> [Corpora.Query] {
        let all = try Queries.read(path: queries ?? "").filter { judged == nil || judged?.judgements[$0.id] != nil }
        guard let sample, sample < all.count else { return all }
        var random = SeededGenerator(seed: seed)
        return random.sample(sample, of: all.count).map { all[Int($0)] }
    }

    private func order(_ path: String, for query: String, _ spec: RerankSpec, _ models: RerankModels) throws {
        let candidates = try RerankDocuments.read(path)
        let work = RerankWork(
            budget: budget?.value ?? .none, seed: seed,
            cancellation: Cancellation { Interrupt.shared.isRaised })
        Interrupt.shared.listen(saying: "interrupted")
        let outcome = try models.method(spec).rerank(query, candidates, depth: max(depth, candidates.count), work)
        for (rank, entry) in outcome.entries.enumerated() {
            let candidate = candidates[entry.place]
            if reporting.json {
                print(
                    try AnswerJSON.text(
                        of: RerankDocuments.Line(index: entry.place, id: candidate.id, score: entry.score), isLine: true
                    ))
            } else {
                let score = entry.score.map { String(format: "%8.4f", $0) } ?? "       -"
                print(
                    "\(String(repeating: " ", count: max(0, 3 - "\(rank + 1)".count)))\(rank + 1)  \(score)  \(candidate.id)  \(candidate.text.prefix(80))"
                )
            }
        }
    }
}
