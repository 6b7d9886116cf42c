import Charts
import Storage

/// A figure of a report: drawings, the numbers under them, and how Vega-Lite draws the same.
struct StudyFigure: Sendable {
    /// The name of its files and of its place in the page.
    let name: String
    let title: String
    let caption: String
    let panels: [Panel]
    let table: FigureTable
    let vega: VegaLite

    /// A figure, or a sentence about why there is none.
    enum Outcome: Sendable {
        case drawn(StudyFigure)
        case left(title: String, reason: String)
    }

    /// The names of all figures that a report may have.
    static let names = [
        "growth", "trained", "training", "quality", "difference", "rank", "recall-of-exact", "latency", "bytes",
        "build",
        "cost", "options",
    ]

    /// All figures of a study, in the order of the page.
    static func all(_ study: Study) -> [Outcome] {
        // What only some studies ask for is left out in silence where it was not asked for.
        [GrowthFigure.make(study), TrainedFigure.make(study), TrainingFigure.make(study)].compactMap(\.self) + [
            QualityFigure.make(study), DifferenceFigure.make(study), RankFigure.make(study), RecallFigure.make(study),
            LatencyFigure.make(study), SpaceFigure.make(study), BuildFigure.make(study), CostFigure.make(study),
            AblationFigure.make(study),
        ]
    }

    /// The horizontal axis of sizes.
    static func sizeAxis(_ study: Study) -> Axis {
        Axis(
            "passages", scale: .logarithmic, format: .count, covering: study.sizes.map(Double.init), mostTicks: 7)
    }

    /// Lines by size; where all points are of one size, a row for each line.
    static func bySize(
        _ study: Study, title: String, summary: String, y: Axis, series: [Series], guides: [Double] = []
    ) -> Panel {
        let sizes = Set(series.flatMap { $0.points.map(\.x) })
        guard sizes.count == 1, let size = sizes.first else {
            return Panel(
                title: title, summary: summary,
                content: Plot(x: sizeAxis(study), y: y, series: series, guides: guides))
        }
        let rows = series.flatMap { line in
            line.points.map { point in
                DotPlot.Row(
                    line.name, style: line.style, value: point.y, low: point.low, high: point.high,
                    isOpen: point.isOpen, note: point.note)
            }
        }
        return Panel(
            title: "\(title), \(ChartNumber.short(size)) passages", summary: summary,
            content: DotPlot(x: y, rows: rows, guide: guides.first))
    }

    /// What an open circle means, where one is drawn.
    static func openNote(_ isUsed: Bool) -> String {
        isUsed ? " Open circles: other programs took more than a fifth of the machine." : ""
    }

    /// A size in the words of a sentence: 10k, 1M.
    static func short(_ size: Int) -> String { ChartNumber.short(Double(size)) }
}
