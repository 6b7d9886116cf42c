import ArgumentParser
import Engine
import Foundation
import Indexing
import Memory
import Search

extension QueryGenerators.Name: ExpressibleByArgument {}

struct QueriesMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Make queries of an index's passages.",
        discussion: """
            sentences and spans are parts of the passages, terms their discriminative terms and n-grams, title \
            their titles; generator writes questions \
            with the index's trained generator, model with a language model, and labelled takes the \
            user's own, all of them. Others are kept if they find their passage in the index. What a \
            query generator made before is replaced.
            """)

    @Argument(help: "The index.") var index: String
    @Option(
        name: [.customLong("query-generator"), .customLong("maker")],
        help: "The query generators, with commas: sentences, spans, terms, title, generator, model, labelled.")
    var generator: String
    @Option(help: "Queries of a passage at most, for each query generator.") var perPassage = 3
    @Option(help: "How many passages, drawn at random (default: all).") var passages: Int?
    @Option(help: "Keep queries that find their passage among so many; 0 keeps all.") var keep = 20
    @Option(help: "Who must find it: bm25, dense, or either.") var filter = Filter.bm25
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("For labelled: a file of queries and one of judgements.", valueName: "files"))
    var labelled: [String] = []
    @Option(help: "For model: a model of the cache, a folder or a file.") var model: String?
    @Option(help: "For generator: draw among so many best tokens; 0: all.") var topK = 10
    @Option(help: "For generator: what log-probabilities are divided by.") var temperature: Float = 1
    @Flag(help: "For generator: the best questions that beam search finds, not drawn ones.") var beams = false
    @Option(help: "Threads.") var threads = Parallel.cores
    @OptionGroup var showing: ProgressFlags

    enum Filter: String, ExpressibleByArgument, CaseIterable {
        case bm25, dense, either

        var retrievers: [ComponentID] {
            switch self {
            case .bm25: [BM25Retriever.id]
            case .dense: [DenseRetriever.id]
            case .either: [BM25Retriever.id, DenseRetriever.id]
            }
        }
    }

    func validate() throws {
        guard (1...1_000).contains(perPassage), (passages ?? 1) > 0, threads > 0, (0...100_000).contains(keep) else {
            throw ValidationError(
                "--per-passage is 1 to 1000, --passages and --threads are at least 1, --keep is 0 to 100000")
        }
        guard (0...1_000_000).contains(topK), temperature >= 0, temperature.isFinite else {
            throw ValidationError("--top-k and --temperature are not negative")
        }
        let names = try generators()
        guard labelled.isEmpty || labelled.count == 2 else {
            throw ValidationError("--labelled takes two files, queries and judgements")
        }
        guard names.contains(.labelled) == !labelled.isEmpty else {
            throw ValidationError("the query generator labelled and --labelled QUERIES QRELS go together")
        }
        guard names.contains(.model) == (model != nil) else {
            throw ValidationError("the query generator model and --model go together")
        }
    }

    private func generators() throws -> [QueryGenerators.Name] {
        var names: [QueryGenerators.Name] = []
        for part in generator.split(separator: ",") {
            guard let name = QueryGenerators.Name(rawValue: String(part.trimmingPrefix(" "))) else {
                let known = QueryGenerators.Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("no query generator is called \"\(part)\"; there are \(known)")
            }
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else { throw ValidationError("--query-generator names none") }
        return names
    }

    func run() throws {
        let names = try generators()
        var sources = QueryGenerators.Options()
        sources.generator.topK = topK
        sources.generator.temperature = temperature
        sources.generator.usesBeams = beams
        sources.model = try model.map { try ModelPlace($0).url }
        if labelled.count == 2 { sources.labelled = (labelled[0], labelled[1]) }
        var options = SyntheticQueryBuilder.Options()
        options.perPassage = perPassage
        options.passages = passages
        options.filter = RoundTripFilter(keep: keep, retrievers: filter.retrievers)
        options.seed = seed
        options.threads = threads
        Interrupt.shared.listen(saying: "interrupted; no queries were kept")
        let sourceOptions = sources
        let reports = try SyntheticQueryBuilder.update(
            index, options: options, monitor: showing.monitor
        ) { reader in
            // All are there before the first begins.
            try names.map { try $0.make(for: reader, sourceOptions) }
        }
        for report in reports {
            let share = report.made == 0 ? 0 : 100 * Double(report.kept) / Double(report.made)
            print(
                "\(report.generator): \(report.made.grouped) queries of \(report.passages.grouped) passages, "
                    + "\(report.kept.grouped) kept (\(String(format: "%.1f", share)) %), \(report.seconds.asDuration)")
        }
    }
}
