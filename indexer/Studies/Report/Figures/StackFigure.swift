import Charts

/// Costs a passage as stacked bars: a panel a retriever, a bar a size, one vertical axis for all.
struct StackFigure {
    let name: String
    let title: String
    /// What is stacked, in the table: `component`, `stage`.
    let part: String
    let unit: String
    let caption: String
    /// The parts of a point in the order of the stack: what is drawn, a passage, and what the table has besides.
    let parts: (StudyLine.Point) -> [Part]
    /// Columns of the table behind the drawn value.
    let columns: [FigureTable.Column]

    struct Part {
        var name: String
        var perPassage: Double
        var others: [FigureTable.Value]
    }

    func figure(_ study: Study) -> StudyFigure? {
        var table = FigureTable(
            [.init("line", .text), .init("size", .count), .init(part, .text), .init("per_passage", .significant(4))]
                + columns)
        var drawn: [(line: StudyLine, sizes: [Int], values: [[String: Double]])] = []
        var names: [String] = []
        for line in study.mains {
            var sizes: [Int] = []
            var values: [[String: Double]] = []
            for point in line.points {
                let parts = parts(point)
                guard !parts.isEmpty else { continue }
                sizes.append(point.size)
                values.append(Dictionary(parts.map { ($0.name, $0.perPassage) }, uniquingKeysWith: +))
                for part in parts {
                    if !names.contains(part.name) { names.append(part.name) }
                    table.rows.append(
                        [.text(line.name), .count(point.size), .text(part.name), .number(part.perPassage)] + part.others
                    )
                }
            }
            if !sizes.isEmpty { drawn.append((line, sizes, values)) }
        }
        guard !drawn.isEmpty else { return nil }
        let totals = drawn.flatMap { $0.values.map { value in names.reduce(0) { $0 + (value[$1] ?? 0) } } }
        let y = Axis(unit, covering: totals, including: [0], mostTicks: 8)
        let panels = drawn.map { item in
            let layers = names.enumerated().compactMap { index, name -> StackChart.Layer? in
                let values = item.values.map { $0[name] ?? 0 }
                return values.contains { $0 > 0 } ? StackChart.Layer(name, style: index, values: values) : nil
            }
            return Panel(
                title: item.line.name,
                summary: "\(title) with \(item.line.name), \(unit), by the number of passages.",
                content: StackChart(
                    base: .categories(item.sizes.map(StudyFigure.short), title: "passages"), y: y, layers: layers))
        }
        return StudyFigure(
            name: name, title: title, caption: caption, panels: panels, table: table,
            vega: .stack(x: "size", y: "per_passage", series: part, panel: "line"))
    }
}
