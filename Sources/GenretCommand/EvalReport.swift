import Corpora
import Evaluation

/// What `genret eval` found, in words and as JSON.
struct EvalReport {
    var evaluations: [RunEvaluation] = []
    var changes: [RunChange] = []
    var variants: [(tag: String, consistency: VariantConsistency)] = []
    var agreements: [JudgementAgreement] = []
    /// What p values are corrected by.
    let correction: Correction
    private let command: EvalCommand

    init(_ command: EvalCommand) {
        self.command = command
        correction = command.comparing.correction ?? (command.comparing.agreement == nil ? .none : .holm)
    }

    var text: String {
        let parts = [judged, changed, alike, agreed].filter { !$0.isEmpty }
        return parts.joined(separator: "\n")
    }

    private var table: ComparisonTable {
        ComparisonTable(evaluations, test: command.comparing.test, correction: correction)
    }

    private var judged: String {
        let listings = { evaluations.map { EvaluationListing($0, listsQueries: command.q).text }.joined() }
        guard evaluations.count > 1 else { return listings() }
        return table.text + (command.q ? listings() : "")
    }

    private var changed: String {
        guard let first = changes.first else { return "" }
        var text = Figure.table(
            changes.map { ($0.tag, $0.figures + [Figure("queries", count: $0.queryIDs.count)]) })
        let ten = RankBiasedOverlap.weight(ofFirst: 10, persistence: command.comparing.rboP)
        text +=
            "against \(first.baseline), means over queries; rbo with p = \(command.comparing.rboP), where the first ten places "
            + "have \(Int((100 * ten).rounded())) % of the weight\n"
        guard command.q else { return text }
        for change in changes {
            text += EvaluationListing.line("runid", "all", change.tag)
            for query in change.queryIDs {
                for figure in change.figures(of: query) {
                    text += EvaluationListing.line(figure.name, query.string, figure.text)
                }
            }
        }
        return text
    }

    private var alike: String {
        guard !variants.isEmpty else { return "" }
        return Figure.table(variants.map { ($0.tag, $0.consistency.figures) })
    }

    private var agreed: String {
        guard let qrels = command.qrels, let other = command.comparing.agreement, !agreements.isEmpty else { return "" }
        return AgreementTable(
            agreements, names: Self.names(qrels, other), test: command.comparing.test, correction: correction
        ).text
    }

    /// What two files are called: without their folders, or as the options that name them where that does not tell them apart.
    private static func names(_ first: String, _ second: String) -> (reference: String, other: String) {
        let names = (EvalInput.name(of: first), EvalInput.name(of: second))
        return names.0 == names.1 ? ("--qrels", "--agreement") : names
    }

    var json: ReportJSON.Evaluation {
        let p = evaluations.count > 1 ? table.p : []
        return ReportJSON.Evaluation(
            runs: evaluations.indices.map { place in
                json(evaluations[place], p: place > 0 ? p[place - 1] : nil)
            },
            correction: evaluations.count > 1 || !agreements.isEmpty ? correction.rawValue : nil,
            changes: changes.isEmpty ? nil : changes.map(json),
            variants: variants.isEmpty
                ? nil : variants.map { .init(run: $0.tag, figures: Self.values($0.consistency.figures)) },
            agreement: agreements.isEmpty ? nil : agreements.map(json))
    }

    private func json(_ evaluation: RunEvaluation, p: [Double]?) -> ReportJSON.Evaluation.Run {
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
            p: p.map { Dictionary(zip(measures.map { "\($0)" }, $0)) { own, _ in own } },
            perQuery: command.q ? Dictionary(perQuery) { own, _ in own } : nil)
    }

    private func json(_ change: RunChange) -> ReportJSON.Evaluation.Change {
        let perQuery = change.queryIDs.map { ($0.string, Self.values(change.figures(of: $0))) }
        return ReportJSON.Evaluation.Change(
            run: change.tag, against: change.baseline, queries: change.queryIDs.count,
            figures: Self.values(change.figures),
            perQuery: command.q ? Dictionary(perQuery) { own, _ in own } : nil)
    }

    private func json(_ agreement: JudgementAgreement) -> ReportJSON.Evaluation.Agreement {
        let classes = JudgementAgreement.Class.allCases.map { ($0.rawValue, agreement.classes[$0] ?? 0) }
        return ReportJSON.Evaluation.Agreement(
            measure: "\(agreement.measure)",
            runs: agreement.tags.indices.map {
                .init(
                    run: agreement.tags[$0], queries: agreement.queryCounts[$0], qrels: agreement.reference[$0],
                    agreement: agreement.other[$0])
            },
            tau: agreement.tau, tauAp: agreement.tauAP, pairs: agreement.pairs,
            classes: Dictionary(classes) { own, _ in own },
            falsePositiveRate: agreement.falsePositiveRate, falseNegativeRate: agreement.falseNegativeRate)
    }

    private static func values(_ figures: [Figure]) -> [String: Double] {
        Dictionary(figures.compactMap { figure in figure.value.map { (figure.name, $0) } }) { own, _ in own }
    }
}
