import ArgumentParser
import Corpora
import Engine
import Foundation
import Ranking
import Synchronization
import Memory
import Tensors

extension TRECRun.Format: ExpressibleByArgument {}

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Answer a file of queries and write a run.")

    @Argument(help: "The index.") var index: String
    @Option(name: [.long, .customLong("queries")], help: "Queries: JSON lines or a table, .gz and .zst too.")
    var topics: String
    @Option(name: .shortAndLong, help: "Where the run goes.") var output: String
    @Option(help: "trec, msmarco or json.") var outputFormat = TRECRun.Format.trec
    @Option(help: "How many answers a query.") var hits = 1000
    @Option(help: "Threads.") var threads = Parallel.cores
    @Option(help: "The run's tag.") var tag = "genret"
    @Option(help: "Only the queries that these judgements name.") var qrels: String?
    @Flag(name: .shortAndLong, help: "No report.") var quiet = false
    @OptionGroup var retrieval: RetrievalOptions

    func validate() throws {
        guard hits > 0, threads > 0 else { throw ValidationError("--hits and --threads are at least 1") }
    }

    func run() throws {
        let folder = URL(filePath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ErrorMessage.Failure(sentence: "\(output): the folder \(folder) is not there or not writable")
        }
        let engine = try retrieval.open(index)
        let judged = try qrels.map { try Qrels.read(path: $0).judgements }
        let queries = try Queries.read(path: topics).filter { judged == nil || judged?[$0.id] != nil }
        let options = try retrieval.searchOptions(hits: hits)
        let batch = BatchSearch(engine: engine, options: options, threads: threads)
        Interrupt.shared.listen(saying: "interrupted; no run was written")
        let (run, report) = try batch.run(queries, tag: tag) { done in
            if !quiet, Terminal.errorIsTerminal, done % 50 == 0 {
                Terminal.error("\r\u{1B}[K\(done.grouped) of \(queries.count.grouped) queries")
            }
            return Interrupt.shared.isRaised
        }
        if Terminal.errorIsTerminal, !quiet { Terminal.error("\r\u{1B}[K") }
        try run.write(to: output, format: outputFormat)
        if !quiet { Terminal.error(report.description + "\n") }
    }
}
