import Charts

/// Which part of the exact best passages a beam finds.
enum RecallFigure {
    static let title = "Recall of the exact best"

    static func make(_ study: Study) -> StudyFigure.Outcome {
        let depths = Set(study.cells.flatMap { $0.recallOfExact.keys.compactMap { Int($0) } }).sorted()
        guard !depths.isEmpty else {
            return .left(title: title, reason: "No cell compares a beam with the exact best passages.")
        }
        var table = FigureTable([
            .init("depth", .count), .init("line", .text), .init("size", .count), .init("recall", .fixed(4)),
            .init("low", .fixed(4)), .init("high", .fixed(4)),
        ])
        // Beams are told apart; what differs in other options is compared elsewhere.
        let measured = study.lines.filter { line in
            line.points.contains { !$0.cells.allSatisfy(\.recallOfExact.isEmpty) }
        }
        let lines = measured.filter { line in
            guard let main = study.main(of: line) else { return false }
            return withoutBeam(line) == withoutBeam(main)
        }
        let panels = depths.map { depth in
            let series = lines.enumerated().compactMap { index, line -> Series? in
                let name = name(line, among: lines)
                let points = line.points.compactMap { point -> Series.Point? in
                    guard let recall = point.cells.compactMap({ $0.recallOfExact["\(depth)"]?.interval }).first else {
                        return nil
                    }
                    table.rows.append([
                        .count(depth), .text(name), .count(point.size), .number(recall.value), .number(recall.low),
                        .number(recall.high),
                    ])
                    return Series.Point(
                        x: Double(point.size), y: recall.value, low: recall.low, high: recall.high,
                        note: "\(name), \(StudyFigure.short(point.size)): \(Words.value(recall))")
                }
                return points.isEmpty ? nil : Series(name, style: index, points: points)
            }
            let values = series.flatMap { $0.points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] } }
            return StudyFigure.bySize(
                study, title: "Of the best \(depth)",
                summary: "Which part of the exact best \(depth) passages is found, by the number of passages.",
                y: Axis("", covering: values), series: series)
        }
        return .drawn(
            StudyFigure(
                name: "recall-of-exact", title: title,
                caption: "The part of the passages with the best exact scores that the search finds; bands are 95 % "
                    + "intervals over queries.",
                panels: panels, table: table,
                vega: .lines(
                    x: "size", y: "recall", low: "low", high: "high", series: "line", panel: "depth",
                    logarithmicY: false)))
    }

    private static func withoutBeam(_ line: StudyLine) -> [String: String] {
        line.identity.options.others.filter { $0.key != "beam" }
    }

    /// The retriever and its beam where that tells lines apart.
    private static func name(_ line: StudyLine, among lines: [StudyLine]) -> String {
        guard let beam = line.identity.options.others["beam"] else { return line.name }
        let short = "\(Study.shown(line.retriever)), beam \(beam)"
        let same = lines.filter { $0.retriever == line.retriever && $0.identity.options.others["beam"] == beam }
        return same.count == 1 ? short : line.name
    }
}
