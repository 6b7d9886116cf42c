import Charts
import Evaluation
import RealModule

/// Quality by the steps of training, where a study has trained for several numbers of them.
enum TrainingFigure {
    static let title = "Quality by steps of training"

    /// Lines that are alike but for their steps.
    private struct Curve {
        let options: StudyCell.Options
        let points: [(steps: Int, quality: Interval)]
        let fit: Result<PowerLaw, PowerLaw.Refusal>
    }

    /// Nil where no docids were learnt for two numbers of steps.
    static func make(_ study: Study) -> StudyFigure.Outcome? {
        guard let measure = FindingsTable.measure(study), let size = study.sizes.last else { return nil }
        let curves = curves(study, measure, size)
        guard !curves.isEmpty else { return nil }
        let names = LineNames.names(curves.map(\.options), without: ["represent"])
        let panels = Dictionary(grouping: curves.indices) { curves[$0].options.others["represent"] ?? "" }
        let all = curves.flatMap(\.points)
        let x = Axis("steps", scale: .logarithmic, format: .count, covering: all.map { Double($0.steps) }, mostTicks: 7)
        let y = Axis("", covering: all.flatMap { [$0.quality.low, $0.quality.high] }, mostTicks: 8)
        let measureName = MeasureName.text(measure)
        let distinct = Array(Set(names)).sorted()
        let drawn = panels.keys.sorted().map { representation in
            let series = (panels[representation] ?? []).flatMap { place in
                Self.series(curves[place], name: names[place], style: distinct.firstIndex(of: names[place]) ?? 0)
            }
            return Panel(
                title: "\(representation), \(StudyFigure.short(size)) passages",
                summary: "\(measureName) of docids learnt from \(representation), by the steps of training.",
                content: Plot(x: x, y: y, series: series))
        }
        return .drawn(
            StudyFigure(
                name: "training", title: "\(title) (\(measureName))",
                caption:
                    "Each point is a training of its own with a schedule of so many steps; bands are 95 % bootstrap "
                    + "intervals over queries. The thin line is 1 - (A/x)^α - δ, fitted to all points but the last where there are five "
                    + "over one and a half decades; the table has the error at the last one, or why nothing is fitted.",
                panels: drawn, table: table(curves, names),
                vega: .lines(
                    x: "steps", y: "mean", low: "low", high: "high", series: "line", panel: "represent",
                    logarithmicY: false)))
    }

    private static func curves(_ study: Study, _ measure: Measure, _ size: Int) -> [Curve] {
        var groups: [StudyCell.Options: [(steps: Int, quality: Interval)]] = [:]
        for line in study.lines
        where line.isTrained && line.identity.distractors == "random"
            && (line.identity.options.others["typos"] ?? "0") == "0"
        {
            var options = line.identity.options
            guard let steps = options.others.removeValue(forKey: "steps").flatMap(Int.init),
                let quality = line.point(size)?.quality(measure)
            else { continue }
            groups[options, default: []].append((steps, quality))
        }
        return groups.filter { $0.value.count > 1 }.map { options, points in
            let points = points.sorted { $0.steps < $1.steps }
            let losses = points.map { (x: Double($0.steps), loss: 1 - $0.quality.value) }
            return Curve(
                options: options, points: points, fit: Result { () throws(PowerLaw.Refusal) in try PowerLaw(losses) })
        }.sorted { sortKey($0.options).lexicographicallyPrecedes(sortKey($1.options)) }
    }

    private static func sortKey(_ options: StudyCell.Options) -> [String] {
        [options.retriever] + options.others.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    }

    private static func series(_ curve: Curve, name: String, style: Int) -> [Series] {
        let points = curve.points.map { point in
            Series.Point(
                x: Double(point.steps), y: point.quality.value, low: point.quality.low, high: point.quality.high,
                note: "\(name), \(point.steps) steps: \(Words.value(point.quality))")
        }
        var all = [Series(name, style: style, points: points)]
        if case .success(let law) = curve.fit, let first = curve.points.first, let last = curve.points.last {
            let line = (0...24).map { place -> Series.Point in
                let x = Double(first.steps) * Double.pow(Double(last.steps) / Double(first.steps), Double(place) / 24)
                return Series.Point(x: x, y: 1 - law.at(x))
            }
            all.append(Series("\(name), fitted", style: style, form: .computed, points: line, isLabelled: false))
        }
        return all
    }

    private static func table(_ curves: [Curve], _ names: [String]) -> FigureTable {
        var table = FigureTable([
            .init("represent", .text), .init("line", .text), .init("steps", .count), .init("mean", .fixed(4)),
            .init("low", .fixed(4)), .init("high", .fixed(4)), .init("A", .significant(3)), .init("alpha", .fixed(3)),
            .init("delta", .fixed(3)), .init("error_at_the_last", .fixed(4)), .init("note", .text),
        ])
        for (curve, name) in zip(curves, names) {
            for (place, point) in curve.points.enumerated() {
                var row: [FigureTable.Value] = [
                    .text(curve.options.others["represent"] ?? ""), .text(name), .count(point.steps),
                    .number(point.quality.value), .number(point.quality.low), .number(point.quality.high),
                ]
                switch curve.fit {
                case _ where place < curve.points.count - 1: row += [.none, .none, .none, .none, .text("")]
                case .success(let law):
                    row += [
                        .number(law.scale), .number(law.exponent), .number(law.floor), .number(-law.heldOutError),
                        .text(""),
                    ]
                case .failure(let refusal): row += [.none, .none, .none, .none, .text(refusal.reason)]
                }
                table.rows.append(row)
            }
        }
        return table
    }
}
