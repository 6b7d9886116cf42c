import Charts
import Evaluation

/// How far every retriever is above the baseline, query by query.
enum DifferenceFigure {
    static func make(_ study: Study) -> StudyFigure.Outcome {
        guard let baseline = study.baseline, study.mains.count > 1 else {
            return .left(title: "Difference between retrievers", reason: "There is one retriever only.")
        }
        let title = "Difference from \(baseline.name)"
        let measures = study.measures.prefix(QualityFigure.mostMeasures)
        var comparisons: [LineComparison] = []
        for measure in measures {
            for line in study.mains where line.identity != baseline.identity {
                comparisons += line.points.compactMap {
                    LineComparison(baseline, line, measure: measure, size: $0.size)
                }
            }
        }
        guard !comparisons.isEmpty else {
            return .left(title: title, reason: "No two cells have values of the same queries over the same sample.")
        }
        let adjusted = Holm.adjusted(comparisons.map(\.result.p))
        var table = FigureTable([
            .init("measure", .text), .init("line", .text), .init("size", .count), .init("points", .fixed(2)),
            .init("low", .fixed(2)), .init("high", .fixed(2)), .init("p", .probability), .init("p_holm", .probability),
            .init("queries", .count), .init("better", .count), .init("worse", .count),
        ])
        for (comparison, p) in zip(comparisons, adjusted) {
            table.rows.append([
                .text(MeasureName.text(comparison.measure)), .text(comparison.second.name), .count(comparison.size),
                .number(comparison.difference.value * 100), .number(comparison.difference.low * 100),
                .number(comparison.difference.high * 100), .number(comparison.result.p), .number(p),
                .count(comparison.result.count), .count(comparison.result.wins), .count(comparison.result.losses),
            ])
        }
        let panels = measures.compactMap { measure -> Panel? in
            let own = comparisons.filter { $0.measure == measure }
            guard !own.isEmpty else { return nil }
            let name = MeasureName.text(measure)
            let series = study.mains.compactMap { line -> Series? in
                let points = own.filter { $0.second.identity == line.identity }.map { comparison in
                    Series.Point(
                        x: Double(comparison.size), y: comparison.difference.value, low: comparison.difference.low,
                        high: comparison.difference.high,
                        note:
                            "\(line.name), \(StudyFigure.short(comparison.size)): "
                            + "\(Words.points(comparison.difference)) from \(baseline.name)"
                    )
                }
                return points.isEmpty ? nil : Series(line.name, style: line.style, points: points)
            }
            let values = own.flatMap { [$0.difference.low, $0.difference.high] }
            return StudyFigure.bySize(
                study, title: name,
                summary: "Paired differences in \(name) from \(baseline.name) by the number of passages, in points.",
                y: Axis("points", format: .points, covering: values, including: [0], mostTicks: 8), series: series,
                guides: [0])
        }
        return .drawn(
            StudyFigure(
                name: "difference", title: title,
                caption:
                    "Mean of the paired differences over queries, in points (hundredths); bands or whiskers are 95 % bootstrap "
                    + "intervals. p is of a paired randomisation test, p_holm corrected for the whole table.",
                panels: panels, table: table,
                vega: .lines(
                    x: "size", y: "points", low: "low", high: "high", series: "line", panel: "measure",
                    logarithmicY: false)))
    }
}
