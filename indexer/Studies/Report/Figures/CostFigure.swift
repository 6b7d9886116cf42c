import Charts

/// Quality against what it costs: latency of a query, and the work of building.
enum CostFigure {
    static let title = "Quality against cost"

    static func make(_ study: Study) -> StudyFigure.Outcome {
        guard let measure = study.headline else {
            return .left(title: title, reason: "No cell has a measure of quality.")
        }
        var table = FigureTable([
            .init("cost", .text), .init("line", .text), .init("size", .count), .init("value", .significant(4)),
            .init("quality", .fixed(4)),
        ])
        let kinds: [(name: String, axis: String, of: (StudyLine.Point) -> Double?)] = [
            ("latency", "median milliseconds a query, 1 thread", { $0.latency("1")?.p50.value }),
            (
                "build", "CPU hours of building",
                { point in
                    guard let cell = point.cells.first(where: { !$0.build.stages.isEmpty }) else { return nil }
                    // The training's time is on the clock; its stage, where there is one, has its own.
                    let isStage = cell.build.stages.contains { $0.name == "train" }
                    let seconds = cell.build.stages.reduce(0) { $0 + $1.cpu } + (isStage ? 0 : cell.train?.seconds ?? 0)
                    return seconds / 3600
                }
            ),
        ]
        let name = MeasureName.text(measure)
        var hasOpen = false
        let panels = kinds.compactMap { kind -> Panel? in
            let series = study.mains.compactMap { line -> Series? in
                let points = line.points.compactMap { point -> Series.Point? in
                    guard let cost = kind.of(point), cost > 0, let quality = point.quality(measure) else { return nil }
                    hasOpen = hasOpen || point.isLoaded
                    table.rows.append([
                        .text(kind.name), .text(line.name), .count(point.size), .number(cost), .number(quality.value),
                    ])
                    return Series.Point(
                        x: cost, y: quality.value, isOpen: point.isLoaded,
                        note:
                            "\(line.name), \(StudyFigure.short(point.size)): \(ChartNumber.significant(cost, 3)), "
                            + "\(name) \(ChartNumber.fixed(quality.value, 3))"
                    )
                }
                return points.isEmpty ? nil : Series(line.name, style: line.style, points: points)
            }
            guard !series.isEmpty else { return nil }
            let points = series.flatMap(\.points)
            return Panel(
                title: kind.name == "latency" ? "\(name) and latency" : "\(name) and building",
                summary: "\(name) against \(kind.axis), a point a size, for \(Words.list(series.map(\.name))).",
                content: Plot(
                    x: Axis(kind.axis, scale: .logarithmic, covering: points.map(\.x), mostTicks: 7),
                    y: Axis("", covering: points.map(\.y), mostTicks: 8), series: series, names: .atPoints))
        }
        guard !panels.isEmpty else {
            return .left(title: title, reason: "No cell has both quality and a cost.")
        }
        return .drawn(
            StudyFigure(
                name: "cost", title: title,
                caption: "A point a size; lines lead from the least size to the largest, at which the name stands."
                    + StudyFigure.openNote(hasOpen),
                panels: panels, table: table,
                vega: .path(x: "value", y: "quality", order: "size", series: "line", panel: "cost")))
    }
}
