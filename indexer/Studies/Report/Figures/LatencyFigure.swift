import Charts

/// How long a query takes: the median, and up to the slowest hundredth.
enum LatencyFigure {
    static let title = "Latency"

    static func make(_ study: Study) -> StudyFigure.Outcome {
        let threads = Set(study.mains.flatMap { $0.points.flatMap { $0.cells.flatMap { $0.latency.keys } } }).sorted {
            (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1)
        }
        guard !threads.isEmpty else { return .left(title: title, reason: "No cell has times of queries.") }
        var table = FigureTable([
            .init("line", .text), .init("threads", .text), .init("size", .count), .init("p50_ms", .significant(3)),
            .init("p50_low", .significant(3)), .init("p50_high", .significant(3)), .init("p95_ms", .significant(3)),
            .init("p99_ms", .significant(3)), .init("p99_low", .significant(3)), .init("p99_high", .significant(3)),
            .init("queries", .count),
        ])
        var all: [Double] = []
        var hasOpen = false
        for line in study.mains {
            for thread in threads {
                for point in line.points {
                    guard let latency = point.latency(thread) else { continue }
                    all += [latency.p50.value, latency.p99.value]
                    hasOpen = hasOpen || point.isLoaded
                    table.rows.append([
                        .text(line.name), .text(thread), .count(point.size), .number(latency.p50.value),
                        .number(latency.p50.low), .number(latency.p50.high), .number(latency.p95.value),
                        .number(latency.p99.value), .number(latency.p99.low), .number(latency.p99.high),
                        .count(latency.n),
                    ])
                }
            }
        }
        let y = Axis("milliseconds a query", scale: .logarithmic, covering: all, mostTicks: 9)
        var panels = threads.prefix(1).compactMap { thread -> Panel? in
            let series = study.mains.compactMap {
                Self.series($0, thread, name: $0.name, style: $0.style, isMedian: true)
            }
            guard series.count > 1 else { return nil }
            return StudyFigure.bySize(
                study, title: "Medians, \(words(thread))",
                summary: "The median time of a query with \(words(thread)), by the number of passages.",
                y: y, series: series)
        }
        panels += study.mains.compactMap { line in
            let series = threads.enumerated().compactMap { index, thread in
                Self.series(line, thread, name: words(thread), style: index, isMedian: false)
            }
            guard !series.isEmpty else { return nil }
            return StudyFigure.bySize(
                study, title: line.name,
                summary: "The median time of a query with \(line.name), and the range up to the slowest hundredth.",
                y: y, series: series)
        }
        return .drawn(
            StudyFigure(
                name: "latency", title: title,
                caption:
                    "Lines are medians. In the first panel bands are their 95 % bootstrap intervals over queries; in "
                    + "the others they reach from the median to the 99th percentile." + StudyFigure.openNote(hasOpen),
                panels: panels, table: table,
                vega: .lines(
                    x: "size", y: "p50_ms", low: "p50_ms", high: "p99_ms", series: "threads", panel: "line",
                    logarithmicY: true)))
    }

    private static func words(_ threads: String) -> String {
        switch threads {
        case "1": "1 thread"
        case "all": "all threads"
        default: "\(threads) threads"
        }
    }

    private static func series(
        _ line: StudyLine, _ threads: String, name: String, style: Int, isMedian: Bool
    ) -> Series? {
        let points = line.points.compactMap { point -> Series.Point? in
            guard let latency = point.latency(threads) else { return nil }
            return Series.Point(
                x: Double(point.size), y: latency.p50.value, low: isMedian ? latency.p50.low : latency.p50.value,
                high: isMedian ? latency.p50.high : latency.p99.value, isOpen: point.isLoaded,
                note:
                    "\(line.name), \(StudyFigure.short(point.size)), \(words(threads)): median "
                    + "\(Words.milliseconds(latency.p50.value)), 99 % \(Words.milliseconds(latency.p99.value))"
            )
        }
        return points.isEmpty ? nil : Series(name, style: style, points: points)
    }
}
