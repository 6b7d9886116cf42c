import Charts
import Evaluation
import Foundation

/// Quality by size, a panel a measure.
enum QualityFigure {
    static let title = "Quality by size"
    static let mostMeasures = 6

    static func make(_ study: Study) -> StudyFigure.Outcome {
        guard !study.measures.isEmpty else {
            return .left(title: title, reason: "No cell has a measure of quality.")
        }
        var table = FigureTable([
            .init("measure", .text), .init("line", .text), .init("size", .count), .init("mean", .fixed(4)),
            .init("low", .fixed(4)), .init("high", .fixed(4)), .init("kind", .text),
        ])
        var panels: [Panel] = []
        var hasOpen = false
        var hasThin = false
        for measure in study.measures.prefix(mostMeasures) {
            let name = MeasureName.text(measure)
            var series: [Series] = []
            for line in study.mains {
                let thinned = thinned(line, measure)
                if thinned.count > 1 {
                    hasThin = true
                    series.append(
                        Series(
                            line.name + ", computed from the ranks at the largest size", style: line.style,
                            form: .computed,
                            points: thinned.map { Series.Point(x: Double($0.size), y: $0.value) }, isLabelled: false))
                }
                let points = line.points.compactMap { point -> Series.Point? in
                    guard let quality = point.quality(measure) else { return nil }
                    table.rows.append([
                        .text(name), .text(line.name), .count(point.size), .number(quality.value),
                        .number(quality.low), .number(quality.high), .text("measured"),
                    ])
                    hasOpen = hasOpen || point.isLoaded
                    return Series.Point(
                        x: Double(point.size), y: quality.value, low: quality.low, high: quality.high,
                        isOpen: false,
                        note:
                            "\(line.name), \(StudyFigure.short(point.size)): \(Words.value(quality)) \(name)")
                }
                for value in thinned {
                    table.rows.append([
                        .text(name), .text(line.name), .count(value.size), .number(value.value), .none, .none,
                        .text("computed"),
                    ])
                }
                if !points.isEmpty { series.append(Series(line.name, style: line.style, points: points)) }
            }
            let values = series.flatMap { $0.points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] } }
            let y = Axis("", covering: values, mostTicks: 8)
            panels.append(
                StudyFigure.bySize(
                    study, title: name,
                    summary: "\(name) of \(Words.list(study.mains.map(\.name))) by the number of passages.", y: y,
                    series: series))
        }
        let left = study.measures.dropFirst(mostMeasures).map(MeasureName.text)
        return .drawn(
            StudyFigure(
                name: "quality", title: title,
                caption: "Mean over queries; bands or whiskers are 95 % bootstrap intervals over queries."
                    + (hasThin
                        ? " Thin lines are computed, not measured: what random samples of the largest one would give, from the "
                            + "ranks there."
                        : "")
                    + (left.isEmpty ? "" : " Measures without a panel: \(Words.list(left))."),
                panels: panels, table: table,
                vega: .lines(
                    x: "size", y: "mean", low: "low", high: "high", series: "line", panel: "measure",
                    logarithmicY: false)))
    }

    /// Ten sizes a decade below the largest, where ranks tell the value within half a point.
    private static func thinned(_ line: StudyLine, _ measure: Measure) -> [(size: Int, value: Double)] {
        guard line.points.count > 1, let largest = line.points.last, let least = line.points.first?.size,
            let cell = largest.cells.first, let ranks = cell.ranks, cell.train == nil, line.retriever != "merge",
            let gain = RankGain(measure), !gain.needsOneRelevant || ranks.hasOneRelevant, !ranks.best.isEmpty
        else { return [] }
        let sample = Thinning(
            ranks: ranks.best, judgedAbove: ranks.judgedAbove, depth: ranks.censoredAt, size: largest.size,
            judged: cell.sample.judged)
        let steps = max(2, Int((10 * Foundation.log10(Double(largest.size) / Double(least))).rounded(.up)))
        var values: [(size: Int, value: Double)] = []
        for step in 0...steps {
            let part = Double(step) / Double(steps)
            let size = Int(
                (Double(least) * Foundation.pow(Double(largest.size) / Double(least), part)).rounded())
            guard size >= sample.judged, size <= largest.size else { continue }
            let bounds = sample.mean(gain, at: size)
            guard bounds.upperBound - bounds.lowerBound <= 0.005 else { continue }
            values.append((size, (bounds.lowerBound + bounds.upperBound) / 2))
        }
        return values
    }
}
