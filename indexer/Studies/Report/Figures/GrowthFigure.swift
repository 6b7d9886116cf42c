import Charts
import Evaluation

/// What a growing corpus does to old questions, and how new ones are found, after each part that came.
enum GrowthFigure {
    static let title = "A corpus that grows"

    /// Nil where no corpus grew.
    static func make(_ study: Study) -> StudyFigure.Outcome? {
        guard let growth = GrowthStudy(study) else { return nil }
        let name = MeasureName.text(growth.measure)
        var table = FigureTable([
            .init("questions", .text), .init("line", .text), .init("step", .count), .init("size", .count),
            .init("mean", .fixed(4)), .init("low", .fixed(4)), .init("high", .fixed(4)), .init("queries", .count),
        ])
        var drawn: [(title: String, series: [Series])] = []
        for kind in GrowthStudy.Questions.allCases {
            let series = growth.lines.enumerated().map { style, line in
                let points = line.stages.compactMap { stage -> Series.Point? in
                    guard let found = growth.found(kind, stage) else { return nil }
                    let (step, value) = (stage.step, found.value)
                    table.rows.append([
                        .text(kind.rawValue), .text(line.name), .count(step), .count(stage.cell.sample.size),
                        .number(value.value), .number(value.low), .number(value.high), .count(found.queries),
                    ])
                    return Series.Point(
                        x: Double(step), y: value.value, low: value.low, high: value.high,
                        note: "\(line.name), after \(step) parts: \(Words.value(value)) \(name)")
                }
                return Series(line.name, style: style, points: points)
            }
            drawn.append((kind.rawValue, series.filter { !$0.points.isEmpty }))
        }
        let all = drawn.flatMap(\.series).flatMap(\.points)
        let y = Axis("", covering: all.flatMap { [$0.low ?? $0.y, $0.high ?? $0.y] }, mostTicks: 8)
        let x = Axis("parts that were added", covering: all.map(\.x), mostTicks: 6)
        return .drawn(
            StudyFigure(
                name: "growth", title: "\(title) (\(name))",
                caption:
                    "An index is made of the start, docids are learnt on it, and parts of equal size are added without "
                    + "training. Old questions are those about the start; the newest about the part that came last. Bands or "
                    + "whiskers are 95 % bootstrap intervals over questions. Old questions are the same at every step, the newest "
                    + "are others each time.",
                panels: drawn.filter { !$0.series.isEmpty }.map { panel in
                    Panel(
                        title: panel.title, summary: "\(name) of \(panel.title) after each part that was added.",
                        content: Plot(x: x, y: y, series: panel.series))
                }, table: table,
                vega: .lines(
                    x: "step", y: "mean", low: "low", high: "high", series: "line", panel: "questions",
                    logarithmicY: false)))
    }
}
