import ArgumentParser
import Engine
import Foundation
import Indexer
import Ranking

struct GeneratorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generator", abstract: "The trained generator of an index.",
        subcommands: [Set.self, Tune.self, Weights.self, Rerank.self, Remove.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a trained generator into an index, in the place of one that it has.")

        @Argument(help: "The index.") var index: String
        @Argument(help: "The generator's folder: config.json and model.safetensors.") var folder: String

        func run() throws {
            let generator = try GeneratorInstall.install(folder, into: index)
            print(
                "\(index): a generator of \(generator.layers) layers for \(generator.tasks.joined(separator: ", "))")
        }
    }

    /// What all estimates are told.
    struct EstimateOptions: ParsableArguments {
        @Option(help: "How many queries.") var count = 400
        @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
        @Flag(name: .shortAndLong, help: "No progress.") var quiet = false

        func validate() throws {
            guard (1...100_000).contains(count) else { throw ValidationError("--count is 1 to 100000") }
        }

        func progress() -> (IndexProgress) -> Void {
            let line = ProgressLine(isQuiet: quiet)
            return { line.show($0) }
        }
    }

    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate the constants of key weights and evidence for the generator.",
            discussion: """
                On queries that are kept with the index: the user's own, or made ones. The merge's weights must \
                be estimated anew afterwards.
                """)

        @Argument(help: "The index.") var index: String
        @Option(help: "Use the queries of this maker.") var queries = "labelled"
        @OptionGroup var estimate: EstimateOptions

        func run() throws {
            var update = TuningUpdate(try Engine.open(index))
            update.maker = queries
            update.count = estimate.count
            update.seed = estimate.seed
            update.onProgress = estimate.progress()
            update.isCancelled = { Interrupt.shared.isRaised }
            Interrupt.shared.listen(saying: "interrupted; the index is as it was")
            let report = try update.run()
            let (after, before) = (report.objective, report.untuned)
            print(
                "\(index): constants from \(report.queries) queries, whose MRR@10 is \(String(format: "%.4f", after)), \(String(format: "%.4f", before)) without: \(report.tuning.described)")
        }
    }

    struct Weights: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate the merge's weights for searches with the generator.",
            discussion: """
                As when an index is built, on pseudo-queries taken from the corpus; or on queries that were \
                made of the passages and are kept with the index, in the whole index.
                """)

        @Argument(help: "The index.") var index: String
        @Option(help: "Use the queries of this maker, such as labelled or generator.") var queries: String?
        @OptionGroup var estimate: EstimateOptions

        func run() throws {
            var update = FusionUpdate(try Engine.open(index))
            update.maker = queries
            update.count = estimate.count
            update.seed = estimate.seed
            update.onProgress = estimate.progress()
            update.isCancelled = { Interrupt.shared.isRaised }
            Interrupt.shared.listen(saying: "interrupted; the index is as it was")
            let found = try update.run()
            let weights = found.weights.sorted { $0.key < $1.key }
                .map { "\($0.key) \(String(format: "%.2f", $0.value))" }.joined(separator: ", ")
            print("\(index): weights from \(found.pseudoQueries) queries: \(weights)")
        }
    }

    struct Rerank: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Estimate what the generator's word weighs when it reranks the merge's best.",
            discussion: """
                On queries that are kept with the index, after the merge's weights were estimated. Questions \
                that the generator itself made, or was trained on, are likeliest under it and overstate the \
                weight of the likelihood. Where reranking does not help, searches go without it.
                """)

        @Argument(help: "The index.") var index: String
        @Option(help: "Use the queries of this maker.") var queries = "labelled"
        @OptionGroup var estimate: EstimateOptions

        func run() throws {
            var update = RerankUpdate(try Engine.open(index))
            update.maker = queries
            update.count = estimate.count
            update.seed = estimate.seed
            update.onProgress = estimate.progress()
            update.isCancelled = { Interrupt.shared.isRaised }
            Interrupt.shared.listen(saying: "interrupted; the index is as it was")
            let report = try update.run()
            let found = report.reranking.map {
                "the best \($0.depth) are reranked, \($0.weights.description)"
            } ?? "nothing is reranked"
            let (best, before) = (report.objective, report.untouched)
            print(
                String(
                    format: "%@: %@: nDCG@10 of %d queries %.4f at the best weights, %.4f without", index, found,
                    report.queries, best, before))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take the trained generator out of an index.")

        @Argument(help: "The index.") var index: String

        func run() throws {
            let had = try GeneratorInstall.remove(from: index)
            print("\(index): \(had ? "the generator is gone" : "there was no generator")")
        }
    }
}

extension KeyTuning {
    /// The constants by their names on the command line.
    var described: String {
        let numbers: [(String, Float?)] = [
            ("score-exponent", exponent), ("draws", draws), ("generated-factor", generatedFactor),
            ("inflection-factor", inflectionFactor), ("title-factor", titleFactor), ("unigram-factor", unigramFactor), ("repetition-penalty", beta),
            ("repeat-share", repeatShare), ("length-normalization", lengthNormalization),
        ]
        return numbers.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }
}

extension Reranking.Weights {
    var description: String { String(format: "likelihood %.3f, interaction %.3f", likelihood, interaction) }
}
