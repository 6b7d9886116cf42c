import Charts

/// The rank of the relevant passage by size: quantiles over queries, a panel a retriever.
enum RankFigure {
    static let title = "Rank of the relevant passage"
    private static let parts = [0.5, 0.75, 0.9, 0.95]

    static func make(_ study: Study) -> StudyFigure.Outcome {
        let lines = study.mains.filter { line in line.points.contains { !ranks($0).isEmpty } }
        guard !lines.isEmpty else { return .left(title: title, reason: "No cell has ranks.") }
        var table = FigureTable([
            .init("line", .text), .init("size", .count), .init("quantile", .text), .init("rank", .count),
            .init("low", .count), .init("high", .count), .init("note", .text),
        ])
        var drawn: [(line: StudyLine, series: [Series])] = []
        for line in lines {
            let series = parts.enumerated().map { index, part in
                let name = "\(Int(part * 100)) %"
                let points = line.points.compactMap { point -> Series.Point? in
                    let ranks = ranks(point)
                    guard !ranks.isEmpty else { return nil }
                    let depth = point.cells.compactMap { $0.ranks?.censoredAt }.min() ?? 0
                    let quantile = Bootstrap.quantile(ranks, part)
                    let isKnown = quantile.value <= Double(depth)
                    table.rows.append([
                        .text(line.name), .count(point.size), .text(name),
                        isKnown ? .number(quantile.value) : .none,
                        quantile.low <= Double(depth) ? .number(quantile.low) : .none,
                        quantile.high <= Double(depth) ? .number(quantile.high) : .none,
                        .text(isKnown ? "" : "beyond \(depth)"),
                    ])
                    guard isKnown else { return nil }
                    return Series.Point(
                        x: Double(point.size), y: quantile.value, low: quantile.low,
                        high: min(quantile.high, Double(depth)),
                        note:
                            "\(line.name), \(StudyFigure.short(point.size)): rank \(Int(quantile.value)) or better "
                            + "for \(name)"
                    )
                }
                return Series(name, style: index, points: points)
            }
            drawn.append((line, series))
        }
        let highs = drawn.flatMap { $0.series.flatMap { $0.points.flatMap { [$0.y, $0.high ?? $0.y] } } }
        let y = Axis("rank", scale: .logarithmic, covering: highs, including: [1], mostTicks: 8)
        let panels = drawn.map { item in
            StudyFigure.bySize(
                study, title: item.line.name,
                summary:
                    "Quantiles over queries of the rank of the best relevant passage with \(item.line.name), by the number "
                    + "of passages.",
                y: y, series: item.series)
        }
        return .drawn(
            StudyFigure(
                name: "rank", title: title,
                caption:
                    "For this part of the queries the best relevant passage has this rank or a better one. Quantiles "
                    + "beyond the depth of the lists are left out. Bands are 95 % bootstrap intervals.",
                panels: panels, table: table,
                vega: .lines(
                    x: "size", y: "rank", low: "low", high: "high", series: "quantile", panel: "line",
                    logarithmicY: true)))
    }

    /// Ranks of all replicates; what is beyond the depth counts as infinitely far.
    private static func ranks(_ point: StudyLine.Point) -> [Double] {
        point.cells.flatMap { cell in
            (cell.ranks?.best ?? []).map { $0.map(Double.init) ?? .greatestFiniteMagnitude }
        }
    }
}
