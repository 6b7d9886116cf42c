import ArgumentParser
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Search

/// What stands beside the passages of an index, and what is estimated for it.
struct PartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "part", abstract: "The trained parts of an index and its estimates.",
        discussion: """
            Parts: generator (n-grams and questions), docids, query-encoder; queries/NAME, which "genret queries \
            make" makes; and cur, which "genret part build" makes. Estimates: fusion, key-constants, rerank, look-ahead; one is void as soon as a part that it \
            was made with is gone.
            """,
        subcommands: [List.self, Set.self, Build.self, Remove.self, Estimate.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List an index's parts and estimates.")

        @Argument(help: "The index.") var index: String

        func run() throws {
            let manifest = try IndexReader.open(index).manifest
            for line in PartLines.parts(of: manifest) + PartLines.estimates(of: manifest) { print(line) }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a trained part into an index, in the place of one that it has.",
            discussion: """
                A query encoder gives queries their vectors; passages keep theirs. Docids are given to passages by the \
                prefixes that were learnt, also to those that were not there when they were made.
                """)

        @Argument(help: "The index.") var index: String
        @Argument(help: "Which part: generator, docids or query-encoder.") var part: String
        @Argument(help: "The folder that a training wrote.") var folder: String
        @OptionGroup var showing: ProgressFlags

        func run() throws {
            let type = try InstallableParts.named(part)
            try PartCommand.set(type, folder, in: index, showing.monitor)
        }
    }

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a part of what an index has.",
            discussion: """
                cur: what late interaction says of every passage for some anchor queries. With it the retriever of that name finds \
                what late interaction likes best among all passages, and scores few of them (--retrievers cur).
                """)

        @Argument(help: "The index.") var index: String
        @Argument(help: "Which part: cur.") var part: String
        @Option(
            help:
                "Anchor queries: those of this query generator, which the index holds (default: its generator's, or else runs of its passages' words)."
        )
        var queries: String?
        @Option(help: "How many anchor queries.") var count = 500
        @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
        @Option(help: "Threads.") var threads = Parallel.cores
        @OptionGroup var showing: ProgressFlags

        func validate() throws {
            guard (1...10_000).contains(count), threads > 0 else {
                throw ValidationError("--count is 1 to 10000, --threads at least 1")
            }
        }

        func run() throws {
            guard part == CURPart.kind.name else {
                throw IndexingError.unknownPart(name: part, known: [CURPart.kind.name])
            }
            Interrupt.shared.listen(saying: "interrupted; the index is as it was")
            let anchors = EstimationQueries(source: queries, count: count, seed: seed, threads: threads)
            let summary = try CURBuilder(anchors).update(URL(filePath: index), monitor: showing.monitor)
            print("\(index): \(summary)")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a part out of an index.")

        @Argument(help: "The index.") var index: String
        @Argument(help: "Which part: generator, docids, query-encoder, cur, or queries/NAME.") var part: String

        func run() throws { try PartCommand.remove(ComponentID(part), from: index) }
    }

    struct Estimate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate something for an index on judged queries.",
            discussion: """
                fusion: what each retriever weighs, on pseudo-queries cropped from the corpus or, with --queries, on \
                queries that the index holds. key-constants: those of key weights for its generator. rerank: what \
                each reranker weighs; questions that a generator itself wrote are likeliest under it and overstate \
                that. look-ahead: the weight of BM25 in the search of docids. feedback: whether it helps to change \
                queries by what they find first, and how; on queries of the index, else on pseudo-queries. All but fusion \
                use the queries "labelled" unless others are named. Weights of a fusion start from those that are best over other \
                collections; the more queries there are, the further these move them.
                """)

        @Argument(help: "The index.") var index: String
        @Argument(help: "What: fusion, key-constants, rerank, look-ahead or feedback.") var estimate: String
        @OptionGroup var options: EstimationOptions

        func run() throws {
            try PartCommand.estimate(IndexEstimations.named(estimate), options.queries, index, options.showing.monitor)
        }
    }

    static func set(_ type: any InstallablePart.Type, _ folder: String, in index: String, _ monitor: WorkMonitor) throws
    {
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let summary = try type.set(
            URL(filePath: folder), in: URL(filePath: index), monitor: monitor)
        print("\(index): \(summary)")
    }

    static func remove(_ kind: ComponentID, from index: String) throws {
        let had = try InstallableParts.remove(kind, from: URL(filePath: index))
        print("\(index): \(had ? "\(kind) removed" : "it has no \(kind)")")
    }

    static func estimate(
        _ type: any IndexEstimation.Type, _ queries: EstimationQueries, _ index: String, _ monitor: WorkMonitor
    ) throws {
        Interrupt.shared.listen(saying: "interrupted; the index is as it was")
        let report = try type.update(index, queries, monitor: monitor)
        let before = report.baseline.map { String(format: ", %.4f without", $0) } ?? ""
        print(
            "\(index): \(type.id): \(report.value); \(report.measure) of \(report.queries) queries "
                + String(format: "%.4f", report.objective) + before)
    }
}

/// What all estimates are told.
struct EstimationOptions: ParsableArguments {
    @Option(
        name: [.customLong("queries"), .customLong("query-generator")],
        help: "Use the queries of this query generator, which the index holds.")
    var source: String?
    @Option(help: "How many queries.") var count = 400
    @Flag(help: "Estimate from the queries alone, whatever is known of other collections.") var noPrior = false
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = Parallel.cores
    @OptionGroup var showing: ProgressFlags

    func validate() throws {
        guard (1...100_000).contains(count), threads > 0 else {
            throw ValidationError("--count is 1 to 100000, --threads at least 1")
        }
    }

    var queries: EstimationQueries {
        .init(source: source, count: count, seed: seed, threads: threads, usesPrior: !noPrior)
    }
}
