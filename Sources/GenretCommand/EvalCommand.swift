import ArgumentParser
import Corpora
import Evaluation

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Judge runs with trec_eval's measures.",
        discussion: """
            One run prints its measures as trec_eval does; several stand side by side, each compared \
            with the first by a paired test. Ties are ordered by score falling, then docid falling; \
            the rank column is not read.
            """)

    @Option(help: "Judgements: BEIR, TREC or MS MARCO; - is standard input.") var qrels: String?
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
    @OptionGroup var judging: EvalJudgingFlags
    @OptionGroup var comparing: EvalComparingFlags

    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard !runs.isEmpty else { throw ValidationError("--run names no file") }
        for name in measures where MeasureList(name) == nil {
            throw ValidationError(
                "no measure is called \"\(name)\"; there are \(MeasureList.names.joined(separator: ", "))")
        }
        let files = [qrels, judging.utility, judging.abstention, comparing.agreement, comparing.variants]
        guard (files.compactMap { $0 } + runs).count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("standard input, -, can be only one of the files")
        }
        try validateJudging()
        try validateComparing()
    }

    private func validateJudging() throws {
        if qrels == nil {
            guard comparing.compareRuns || comparing.variants != nil, comparing.agreement == nil else {
                throw ValidationError("--qrels names no judgements; only --compare-runs and --variants do without")
            }
            guard measures.isEmpty, !judging.judgedOnly, !judging.hasUtilities else {
                throw ValidationError(
                    "-m, --judged-only, --utility and --abstention need judgements; --qrels names them")
            }
        }
        guard judging.utility == nil || judging.abstention == nil else {
            throw ValidationError("--utility and --abstention say the same of passages; one of them is enough")
        }
        let wanted = measures.compactMap(MeasureList.init).flatMap(\.measures)
        let needsUtilities = wanted.contains { $0.utilityDepth > 0 }
        if needsUtilities, !judging.hasUtilities {
            throw ValidationError("UDCG@K needs a file: --utility or --abstention")
        }
        if judging.hasUtilities, !needsUtilities, !measures.isEmpty {
            throw ValidationError("--utility and --abstention are for UDCG@K, which -m does not name")
        }
    }

    private func validateComparing() throws {
        guard comparing.rboP >= 0.01, comparing.rboP < 1 else {
            throw ValidationError("--rbo-p is a probability, at least 0.01 and less than 1")
        }
        for (flag, isGiven) in [("--compare-runs", comparing.compareRuns), ("--agreement", comparing.agreement != nil)]
        where isGiven && runs.count < 2 {
            throw ValidationError("\(flag) needs two runs or more")
        }
        if comparing.agreement != nil, comparing.compareRuns || comparing.variants != nil || q {
            throw ValidationError("--agreement goes without --compare-runs, --variants and -q")
        }
        if comparing.correction == .tukey, comparing.test == .tTest {
            throw ValidationError("--correction tukey is a randomisation test; leave out --test t")
        }
    }

    func run() throws {
        for name in measures {
            let absent = MeasureList(name)?.absent ?? []
            if !absent.isEmpty {
                ErrorMessage.note("of \(name), these are not computed: \(absent.joined(separator: ", "))")
            }
        }
        let input = EvalInput(self)
        var report = EvalReport(self)
        let failures =
            if let other = comparing.agreement { try input.judgeTwice(other, into: &report) } else {
                try input.judge(into: &report)
            }
        try reporting.say(report.json) { print(report.text, terminator: "") }
        if failures > 0 { throw ExitCode(1) }
    }
}
