import ArgumentParser
import Engine
import Foundation
import Indexer

struct DocidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docid", abstract: "The trained docids of an index.", subcommands: [Set.self, Tune.self, Weights.self, Remove.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put trained docids into an index, in the place of those that it has.",
            discussion: """
                Passages that were not there when the docids were made get theirs by the prefixes that were \
                learnt.
                """)

        @Argument(help: "The index.") var index: String
        @Argument(help: "The folder that \"genret train docid\" wrote.") var folder: String
        @Flag(name: .shortAndLong, help: "No progress.") var quiet = false

        func run() throws {
            Interrupt.shared.listen(saying: "interrupted; the index is as it was")
            let line = ProgressLine(isQuiet: quiet)
            let docids = try DocidInstall.install(
                folder, into: index, onProgress: { line.show($0) },
                isCancelled: { Interrupt.shared.isRaised })
            let parts = docids.representations.map(\.rawValue).joined(separator: " and ")
            print(
                "\(index): \(docids.scheme.rawValue) docids of \(docids.entries.grouped) entries (\(parts)), \(docids.isTrained ? "trained" : "untrained"), planning ahead \(docids.planAhead.map { String(format: "%.2f", $0) } ?? "off")")
        }
    }

    /// The queries that estimates are made on.
    struct Estimate: ParsableArguments {
        @Option(help: "Use the queries of this maker.") var queries = "labelled"
        @Option(help: "How many queries.") var count = 400
        @Option(help: "The seed of every random choice.") var seed: UInt64 = 1

        func validate() throws {
            guard (1...100_000).contains(count) else { throw ValidationError("--count is 1 to 100000") }
        }

        func tuning(_ index: String) throws -> DocidTuning {
            var tuning = DocidTuning(try Engine.open(index))
            tuning.maker = queries
            tuning.count = count
            tuning.seed = seed
            return tuning
        }
    }

    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate the weight of BM25 in planning ahead.",
            discussion: "On queries that are kept with the index: the user's own, or made ones.")

        @Argument(help: "The index.") var index: String
        @OptionGroup var estimate: Estimate

        func run() throws {
            let found = try estimate.tuning(index).run()
            print(
                String(
                    format: "%@: planning ahead at weight %.2f: MRR@10 of %d queries %.4f, %.4f without", index,
                    found.planAhead, found.queries, found.planned, max(found.trained, found.untrained)))
        }
    }

    struct Weights: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate the merge's weights for searches with the trained docids.",
            discussion: "On queries that are kept with the index, with its trained generator where it has one.")

        @Argument(help: "The index.") var index: String
        @OptionGroup var estimate: Estimate

        func run() throws {
            let found = try estimate.tuning(index).runFusion()
            let weights = found.weights.sorted { $0.key < $1.key }
                .map { "\($0.key) \(String(format: "%.2f", $0.value))" }.joined(separator: ", ")
            print("\(index): weights from \(found.pseudoQueries) queries: \(weights)")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take the trained docids out of an index.")

        @Argument(help: "The index.") var index: String

        func run() throws {
            let had = try DocidInstall.remove(from: index)
            print("\(index): \(had ? "the docids are gone" : "there were no trained docids")")
        }
    }
}
