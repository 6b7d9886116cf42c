import ArgumentParser
import Evaluation

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

extension Correction: ExpressibleByArgument {}

/// What is taken out of runs before they are judged, and what judges them beside the judgements.
struct EvalJudgingFlags: ParsableArguments {
    @Flag(
        name: [.customShort("J"), .customLong("judged-only")],
        help: "Take passages without a judgement out of the runs first.") var judgedOnly = false
    @Flag(help: "Take passages out whose id is the query's, as BEIR does.") var removeQuery = false
    @Option(
        help: ArgumentHelp(
            "For UDCG@K: lines of query, passage and the probability that a model can answer from it.",
            valueName: "file"))
    var utility: String?
    @Option(
        help: ArgumentHelp(
            "The same with the probability that it declines to answer.", valueName: "file"))
    var abstention: String?

    var hasUtilities: Bool { utility != nil || abstention != nil }
}

/// What is said of several runs, or of several forms of a query.
struct EvalComparingFlags: ParsableArguments {
    @Option(help: "The paired test: t or randomisation.") var test = ComparisonTable.Test.randomisation
    @Option(
        help: ArgumentHelp(
            """
            Correct p values for several comparisons; tukey permutes all runs together (default: none; holm with \
            --agreement).
            """, valueName: "method"))
    var correction: Correction?
    @Flag(help: "Say what each run changed against the first: overlap, order, the first ten.") var compareRuns = false
    @Option(
        help: ArgumentHelp(
            "How deep rank-biased overlap looks: a reader's probability to go on.", valueName: "p")) var rboP = 0.9
    @Option(
        help: ArgumentHelp(
            "Other judgements: whether they order the runs as --qrels does, and find the same differences.",
            valueName: "qrels"))
    var agreement: String?
    @Option(
        help: ArgumentHelp(
            "Lines of query, tab, group: whether forms of one query are answered alike.", valueName: "file"))
    var variants: String?
}
