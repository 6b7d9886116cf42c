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

    @Option(help: "Judgements: BEIR, TREC or MS MARCO; - is standard input.") var qrels: String
    @Option(name: .customLong("run"), parsing: .upToNextOption, help: "Runs in TREC format; - is standard input.")
    var runs: [String]
    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: "Measures, e.g. ndcg_cut_10 recall.100,1000 MRR@10 Hits@1 official (default: all).")
    var measures: [String] = []
    @Flag(name: [.customShort("q"), .customLong("per-query")], help: "Also each query's values.") var q = false
    @Flag(
        name: [.customShort("c"), .customLong("complete")],
        help: "Average over all judged queries; a missing one counts 0.") var c = false
    @Option(
        name: [.customShort("l", allowingJoined: true), .customLong("level")],
        help: "The lowest grade that counts as relevant.") var l = 1
    @Option(help: "The paired test: t or randomisation.") var test = ComparisonTable.Test.randomisation

    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard !runs.isEmpty else { throw ValidationError("--run names no file") }
        for name in measures where MeasureList(name) == nil {
            throw ValidationError(
                "no measure is called \"\(name)\"; there are \(MeasureList.names.joined(separator: ", "))")
        }
        guard ([qrels] + runs).count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("standard input, -, can be only one of the files")
        }
    }

    func run() throws {
        let judgements = try readJudgements()
        var options = EvaluationOptions()
        options.relevanceLevel = l
        options.countsMissingQueries = c
        if !measures.isEmpty { options.measures = wantedMeasures() }
        let evaluator = Evaluator(qrels: judgements, options: options)
        // A run that cannot be judged does not end the evaluation of the others.
        var evaluations: [RunEvaluation] = []
        var failures: [any Error] = []
        for path in runs {
            do {
                evaluations.append(try evaluation(of: path, evaluator))
            } catch {
                guard runs.count > 1 else { throw error }
                ErrorMessage.note(ErrorMessage.sentence(of: error))
                failures.append(error)
            }
        }
        try reporting.say(ReportJSON.Evaluation(runs: evaluations.map(json))) { say(evaluations, options) }
        if !failures.isEmpty { throw ExitCode(1) }
    }

    private func json(_ evaluation: RunEvaluation) -> ReportJSON.Evaluation.Run {
        let measures = evaluation.options.measures
        func values(_ value: (Measure) -> Double?) -> [String: Double] {
            Dictionary(measures.compactMap { measure in value(measure).map { ("\(measure)", $0) } }) { own, _ in own }
        }
        let perQuery = evaluation.averagedQueryIDs.map { id in
            (id.string, values { evaluation.value(of: $0, query: id) })
        }
        return ReportJSON.Evaluation.Run(
            run: evaluation.tag, queries: evaluation.averagedQueryIDs.count,
            measures: values { evaluation.mean(of: $0) },
            perQuery: q ? Dictionary(perQuery) { own, _ in own } : nil)
    }

    private func say(_ evaluations: [RunEvaluation], _ options: EvaluationOptions) {
        if evaluations.count > 1 {
            print(ComparisonTable(evaluations, measures: options.measures, test: test).text, terminator: "")
            if q {
                for evaluation in evaluations {
                    print(EvaluationListing(evaluation, listsQueries: true).text, terminator: "")
                }
            }
        } else if let only = evaluations.first {
            print(EvaluationListing(only, listsQueries: q).text, terminator: "")
        }
    }

    private func readJudgements() throws -> Qrels {
        var cut = 0
        var first: (place: SourceLine, text: String)?
        let judgements = try Qrels.read(path: qrels) { place, text in
            cut += 1
            first = first ?? (place, text)
        }
        if let first {
            ErrorMessage.note(
                "\(first.place): of the grade \"\(first.text)\" the whole part is read, as trec_eval does"
                    + (cut > 1 ? ", and so of \((cut - 1).grouped) more" : ""))
        }
        return judgements
    }

    /// Each measure once, in the order in which they were asked for.
    private func wantedMeasures() -> [Measure] {
        let lists = measures.compactMap(MeasureList.init)
        for (name, list) in zip(measures, lists) where !list.absent.isEmpty {
            ErrorMessage.note("of \(name), these are not computed: \(list.absent.joined(separator: ", "))")
        }
        var seen: Set<Measure> = []
        return lists.flatMap(\.measures).filter { seen.insert($0).inserted }
    }

    private func evaluation(of path: String, _ evaluator: Evaluator) throws -> RunEvaluation {
        let run = try TRECRun.read(path: path)
        var evaluation = evaluator.evaluate(run)
        if evaluation.queryIDs.isEmpty {
            let reason =
                run.queryIDs.isEmpty
                ? "the run has no lines"
                : "none of its queries is judged in \(qrels); expected the same query ids"
            guard c else { throw ErrorMessage.Failure(sentence: "\(path): \(reason)") }
            ErrorMessage.note("\(path): \(reason); with -c it scores 0")
        }
        if runs.count > 1 || run.tag.isEmpty {
            evaluation.tag = URL(filePath: path).deletingPathExtension().lastPathComponent
        }
        return evaluation
    }
}
