import ArgumentParser
import Corpora
import Evaluation
import Foundation

extension ComparisonTable.Test: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "t": self = .tTest
        case "randomisation": self = .randomisation
        default: return nil
        }
    }

    public var defaultValueDescription: String { self == .tTest ? "t" : "randomisation" }
    public static var allValueStrings: [String] { ["t", "randomisation"] }
}

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Judge runs with trec_eval's measures.",
        discussion: """
            One run prints its measures as trec_eval does; several stand side by side, each compared \
            with the first by a paired test. Ties are ordered by score falling, then docid falling; \
            the rank column is not read.
            """)

    @Option(help: "Judgements: BEIR, TREC or MS MARCO.") var qrels: String
    @Option(name: .customLong("run"), parsing: .upToNextOption, help: "Runs in TREC format.")
    var runs: [String]
    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: "Measures, e.g. ndcg_cut_10 recall_100 MRR@10 Hits@1 (default: all).")
    var measures: [String] = []
    @Flag(name: .short, help: "Also each query's values.") var q = false
    @Flag(name: .short, help: "Average over all judged queries; a missing one counts 0.") var c = false
    @Option(name: .short, help: "The lowest grade that counts as relevant.") var l = 1
    @Option(help: "The paired test: t or randomisation.") var test = ComparisonTable.Test.randomisation

    func validate() throws {
        guard !runs.isEmpty else { throw ValidationError("--run names no file") }
        for name in measures where Measure(name) == nil {
            throw ValidationError("no measure is called \"\(name)\"")
        }
    }

    func run() throws {
        let judgements = try Qrels.read(path: qrels)
        var options = EvaluationOptions()
        options.relevanceLevel = l
        options.countsMissingQueries = c
        if !measures.isEmpty { options.measures = measures.compactMap(Measure.init) }
        let evaluator = Evaluator(qrels: judgements, options: options)
        let evaluations = try runs.map { path -> RunEvaluation in
            var evaluation = evaluator.evaluate(try TRECRun.read(path: path))
            guard !evaluation.queryIDs.isEmpty else {
                throw ErrorMessage.Failure(
                    sentence: "\(path): none of its queries is judged in \(qrels); expected the same query ids")
            }
            if runs.count > 1 { evaluation.tag = URL(filePath: path).deletingPathExtension().lastPathComponent }
            return evaluation
        }
        if evaluations.count > 1 {
            print(ComparisonTable(evaluations, measures: options.measures, test: test).text, terminator: "")
            if q {
                for evaluation in evaluations { print(EvaluationListing(evaluation, listsQueries: true).text, terminator: "") }
            }
        } else if let only = evaluations.first {
            print(EvaluationListing(only, listsQueries: q).text, terminator: "")
        }
    }
}
