import Charts
import Evaluation
import Memory
import Storage

/// A study as a page: what it says in words, its figures, and the numbers under them.
///
/// The same cells give the same bytes. What a figure needs and the cells lack is said in a sentence.
package struct StudyReport: Sendable {
    package let title: String
    private let study: Study
    private let outcomes: [StudyFigure.Outcome]
    private let summary: StudySummary
    private let findings: (sentence: String, table: FigureTable)?
    /// Passages for which the outlook is made.
    private let target: Int

    /// Computes all statistics.
    ///
    /// - Parameter cells: at least one, in any order.
    /// - Parameter target: passages of a larger sample to look out to; nil for ten times the largest size.
    package init(cells: [StudyCell], title: String = "How search grows with the corpus", target: Int? = nil) {
        self.title = title
        // The order of lines in a file says nothing.
        study = Study(cells.sorted { ($0.sample.size, $0.key) < ($1.sample.size, $1.key) })
        outcomes = StudyFigure.all(study)
        summary = StudySummary(study)
        findings = FindingsTable.make(study)
        self.target = target ?? (study.sizes.last ?? 1) * 10
    }

    /// What the study says, a sentence each.
    package var sentences: [String] { (findings.map { [$0.sentence] } ?? []) + summary.sentences }

    /// The names of the report's figures that have data, in order.
    package var figureNames: [String] { figures.map(\.name) }

    private var figures: [StudyFigure] {
        outcomes.compactMap { if case .drawn(let figure) = $0 { figure } else { nil } }
    }

    /// Files beside the page: numbers, specification, and each drawing alone.
    static func files(of figure: String) -> [String] { ["figures/\(figure).csv", "figures/\(figure).vl.json"] }

    /// Writes `report.html`, and `figures/` with a CSV, a Vega-Lite specification and drawings of each figure.
    ///
    /// The folder must be there; files of an older report are replaced, each at once.
    ///
    /// - Returns: the path of the page.
    @discardableResult package func write(to folder: String) throws -> String {
        let place = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        try ReportFolder.make(place + "/figures")
        for figure in figures { try ReportFolder.write(figure, to: place + "/figures") }
        // The page comes last: where it is, all that it names is there.
        try OutputFile.write(html.utf8, to: place + "/report.html")
        // What an older report drew and this one does not.
        for name in StudyFigure.names where !figures.contains(where: { $0.name == name }) {
            try ReportFolder.removeOthers(of: name, panels: 0, in: place + "/figures")
        }
        return place + "/report.html"
    }

    /// The page.
    package var html: String {
        var page = ReportPage(title: title)
        page.paragraph(describedStudy, class: "quiet")
        page.list(sentences)
        addFindings(to: &page)
        for outcome in outcomes {
            switch outcome {
            case .drawn(let figure):
                page.figure(figure)
                if figure.name == "growth" { addGrowth(to: &page) }
            case .left(let title, let reason):
                page.heading(title, id: "left-" + title.lowercased().split(separator: " ").joined(separator: "-"))
                page.paragraph(reason + " The figure is left out.", class: "quiet")
            }
        }
        addOutlook(to: &page)
        if let estimates = CellTables.estimates(study) {
            page.heading("Estimate and outcome", id: "estimates")
            page.paragraph(CellTables.estimateSentence(study))
            page.details("Table of \(estimates.rows.count) rows", estimates)
        }
        page.heading("Options", id: "option-values")
        page.table(CellTables.options(study))
        page.heading("Machine", id: "machine")
        page.table(CellTables.machines(study))
        page.heading("Cells", id: "cells")
        page.details("\(study.cells.count) cells", CellTables.cells(study))
        page.finish()
        return page.text
    }

    private var describedStudy: String {
        let queries = Set(study.cells.map(\.queries.count)).sorted()
        let count = queries.map { "\($0)" }.joined(separator: " or ")
        return
            "\(study.cells.count) cells: \(Words.list(study.mains.map(\.name))) over "
            + "\(Words.list(study.sizes.map(StudyFigure.short))) passages, with \(count) queries."
    }

    private func addFindings(to page: inout ReportPage) {
        guard let findings, let measure = FindingsTable.measure(study) else { return }
        page.heading("A paper and this study", id: "findings")
        page.table(findings.table)
        page.paragraph(FindingsTable.note(measure), class: "quiet")
    }

    private func addGrowth(to page: inout ReportPage) {
        guard let growth = GrowthStudy(study) else { return }
        page.table(growth.table)
        page.paragraph(
            "Forgetting: what questions lose from when their part came to the end, in points. Generalisation: how well questions "
                + "about a part are found when it has just come, of which nothing was learnt.", class: "quiet")
    }

    private func addOutlook(to page: inout ReportPage) {
        let quality = Outlook.quality(study, to: target)
        let costs = Outlook.costs(study, to: target)
        guard quality != nil || costs != nil else { return }
        page.heading("Beyond the largest sample: \(StudyFigure.short(target)) passages", id: "outlook")
        page.paragraph(
            "Nothing here was measured. A measure with cutoff k is extrapolated by a factor of at most k, and none that "
                + "weighs the first ranks: rank k there corresponds to a rank here that must be at least 1.",
            class: "quiet")
        if let quality { page.details("Quality, \(quality.rows.count) rows", quality) }
        if let costs { page.details("Costs with 95 % prediction intervals, \(costs.rows.count) rows", costs) }
    }
}
