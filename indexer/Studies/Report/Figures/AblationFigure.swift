import Charts
import Evaluation

/// What every option changes: each line beside the one that stands for its retriever, query by query.
enum AblationFigure {
    static let title = "What options change"

    private struct Item {
        let option: String
        let retriever: String
        let value: String
        let comparison: LineComparison

        var name: String { "\(retriever), \(value)" }
    }

    static func make(_ study: Study) -> StudyFigure.Outcome {
        guard let measure = study.headline else {
            return .left(title: title, reason: "No cell has a measure of quality.")
        }
        var items: [Item] = []
        for line in study.lines {
            guard let main = study.main(of: line), main.identity != line.identity, !line.isTrained else {
                continue
            }
            // The largest size that both were measured at.
            let comparison = line.points.reversed().lazy.compactMap {
                LineComparison(main, line, measure: measure, size: $0.size)
            }.first
            guard let comparison else { continue }
            let (own, others) = (line.identity.options.others, main.identity.options.others)
            let names = Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
            let option = names.count == 1 ? names[0] : "several options"
            let value = names.map { name in
                names.count == 1 ? own[name] ?? "none" : "\(name) \(own[name] ?? "none")"
            }
            items.append(
                Item(
                    option: option, retriever: main.name, value: value.joined(separator: ", "), comparison: comparison))
        }
        guard !items.isEmpty else {
            return .left(title: title, reason: "No retriever was measured with several options over the same sample.")
        }
        let adjusted = Holm.adjusted(items.map(\.comparison.result.p))
        var table = FigureTable([
            .init("option", .text), .init("line", .text), .init("compared_with", .text), .init("size", .count),
            .init("mean", .fixed(4)), .init("points", .fixed(2)), .init("low", .fixed(2)), .init("high", .fixed(2)),
            .init("p", .probability), .init("p_holm", .probability),
        ])
        for (item, p) in zip(items, adjusted) {
            let comparison = item.comparison
            table.rows.append([
                .text(item.option), .text(item.name), .text(described(comparison.first, without: comparison.second)),
                .count(comparison.size),
                .optional(comparison.second.point(comparison.size)?.quality(measure)?.value),
                .number(comparison.difference.value * 100), .number(comparison.difference.low * 100),
                .number(comparison.difference.high * 100), .number(comparison.result.p), .number(p),
            ])
        }
        var options: [String] = []
        for item in items where !options.contains(item.option) { options.append(item.option) }
        let name = MeasureName.text(measure)
        let panels = options.map { option in
            let own = items.filter { $0.option == option }
            let references = Set(own.map { described($0.comparison.first, without: $0.comparison.second) }).sorted()
            // What all rows have in common stands in the title.
            let values = Set(own.map(\.value))
            let hasOneRetriever = Set(own.map(\.retriever)).count == 1
            let rows = own.sorted { $0.comparison.difference.value > $1.comparison.difference.value }.map { item in
                let difference = item.comparison.difference
                let shown =
                    values.count == 1 && own.count > 1 ? item.retriever : hasOneRetriever ? item.value : item.name
                return DotPlot.Row(
                    shown, style: item.comparison.second.style, value: difference.value, low: difference.low,
                    high: difference.high, isOpen: false,
                    note: "\(item.name), \(StudyFigure.short(item.comparison.size)): \(Words.points(difference))")
            }
            let common =
                (hasOneRetriever && study.mains.count > 1 ? own[0].retriever + ", " : "") + option
                + (values.count == 1 && own.count > 1 ? " " + own[0].value : "")
            let ends = own.flatMap { [$0.comparison.difference.low, $0.comparison.difference.high] }
            return Panel(
                title: "\(common), beside \(Words.list(references))",
                summary: "Paired differences in \(name) that \(option) makes, in points.",
                content: DotPlot(
                    x: Axis("points of \(name)", format: .points, covering: ends, including: [0]), rows: rows, guide: 0)
            )
        }
        return .drawn(
            StudyFigure(
                name: "options", title: title,
                caption: "Paired differences in \(name), in points, from the line that stands for the retriever in the "
                    + "figures by size, at the largest size that both have; whiskers are 95 % bootstrap intervals over "
                    + "queries. p_holm is corrected for the whole table.",
                panels: panels, table: table,
                vega: .dots(x: "points", y: "line", low: "low", high: "high", panel: "option")))
    }

    /// The values that a line has in options in which another differs.
    private static func described(_ line: StudyLine, without other: StudyLine) -> String {
        let (own, others) = (line.identity.options.others, other.identity.options.others)
        let names = Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
        return names.map { name in
            names.count == 1 ? own[name] ?? "none" : "\(name) \(own[name] ?? "none")"
        }.joined(separator: ", ")
    }
}
