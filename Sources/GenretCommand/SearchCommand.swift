import ArgumentParser
import Corpora
import Engine
import Foundation
import Memory

extension TRECRun.Format: ExpressibleByArgument {}

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Answer a file of queries and write a run.",
        discussion: "--help-all shows all options, those of experts too.")

    @Argument(help: "The index.") var index: String
    @Option(
        name: [.long, .customLong("queries")],
        help: "Queries: JSON lines, a table, TREC topics or a plain list, .gz and .zst too; - is standard input.")
    var topics: String
    @Option(name: .shortAndLong, help: "Where the run goes; - is standard output.") var output: String
    @Option(help: "trec, msmarco or json.") var outputFormat = TRECRun.Format.trec
    @Option(name: [.customLong("hits"), .customShort("k")], help: "How many answers a query.") var hits = 1000
    @Option(help: "Threads.") var threads = Parallel.cores
    @Option(help: "The run's tag.") var tag = "genret"
    @Option(
        help: ArgumentHelp(
            "The queries' vectors, for an index whose vectors were imported: .npy or .safetensors in the order of the queries, or .jsonl by their ids.",
            valueName: "file"))
    var queryVectors: String?
    @Option(help: "Only the queries that these judgements name.") var qrels: String?
    @Flag(name: .shortAndLong, help: "No report.") var quiet = false
    @Flag(help: "Report on standard error as JSON, one object on a line.") var json = false
    @OptionGroup var filter: FilterFlag
    @OptionGroup var retrieval: RetrievalFlags

    func validate() throws {
        guard hits > 0, threads > 0 else { throw ValidationError("--hits and --threads are at least 1") }
        guard topics != "-" || qrels != "-" else {
            throw ValidationError("standard input, -, can be only one of the files")
        }
    }

    func run() throws {
        try AtomicFile.check(output)
        let engine = try retrieval.open(index, for: queryVectors == nil ? .text : [.text, .vector])
        let judged = try qrels.map { try Qrels.read(path: $0).judgements }
        let all = try Queries.read(path: topics)
        let vectors = try queryVectors.map { try QueryVectors.read($0, of: all, in: topics, for: engine) }
        let queries = all.filter { judged == nil || judged?[$0.id] != nil }
        let (held, lostQueries) = writable(queries)
        let batch = BatchSearch(
            engine: engine, options: try retrieval.options(), filter: try filter.filter(), hits: hits, threads: threads,
            vectors: vectors)
        Interrupt.shared.listen(saying: "interrupted; no run was written")
        let (run, report) = try batch.run(held, tag: tag) { done in
            if !quiet, Terminal.errorIsTerminal, done % 50 == 0 {
                Terminal.error("\r\u{1B}[K\(done.grouped) of \(held.count.grouped) queries")
            }
            return Interrupt.shared.isRaised
        }
        if Terminal.errorIsTerminal, !quiet { Terminal.error("\r\u{1B}[K") }
        let (kept, lost) = run.writable(in: outputFormat)
        try kept.write(to: output, format: outputFormat)
        if let first = report.emptyQueries.first {
            ErrorMessage.note(
                "\(topics): \(report.emptyQueries.count.grouped) of \(held.count.grouped) queries "
                    + "\(report.emptyQueries.count == 1 ? "has" : "have") nothing to search for and no answers, "
                    + "first \(first)")
        }
        if let first = lost.passages.first {
            ErrorMessage.note(
                "\(output): \(lost.entries.grouped) answers are left out, as a run of the format \(outputFormat.rawValue) "
                    + "cannot hold the ids of \(lost.passages.count.grouped) passages, first \"\(first)\"; "
                    + "--output-format json holds them")
        }
        if json {
            let own = ReportJSON.Searched(
                queries: report.queries, empty: report.emptyQueries.map(\.string), seconds: report.wallSeconds,
                p50Milliseconds: 1000 * report.percentile(0.5), p95Milliseconds: 1000 * report.percentile(0.95))
            Terminal.error(try AnswerJSON.text(of: own, isLine: true) + "\n")
        } else if !quiet {
            Terminal.error(report.description + "\n")
        }
        if lostQueries > 0 || !lost.isEmpty { throw ExitCode(1) }
    }

    /// The queries whose ids the format can hold, and how many others there are, which are said before
    /// the search starts.
    private func writable(_ queries: [Query]) -> (held: [Query], lost: Int) {
        let held = queries.filter { TRECRun.canHold(query: $0.id, in: outputFormat) }
        let lost = queries.count - held.count
        if let first = queries.first(where: { !TRECRun.canHold(query: $0.id, in: outputFormat) }) {
            ErrorMessage.note(
                "\(topics): \(lost.grouped) of \(queries.count.grouped) queries "
                    + "\(lost == 1 ? "has an id" : "have ids") that a run of the format \(outputFormat.rawValue) "
                    + "cannot hold, first \"\(first.id)\"; \(lost == 1 ? "it is" : "they are") left out; "
                    + "--output-format json holds every id")
        }
        return (held, lost)
    }
}
