/// Names of series in rows under a plot, where they have no room at the series.
struct Legend: Sendable {
    let entries: [(name: String, style: Int)]
    private let places: [(row: Int, x: Double)]
    private let names: [String]
    let rows: Int

    var height: Double { rows == 0 ? 0 : Double(rows) * Frame.rowHeight + 8 }

    private static let markWidth = 28.0

    init(_ entries: [(name: String, style: Int)], width: Double) {
        self.entries = entries
        var places: [(row: Int, x: Double)] = []
        var names: [String] = []
        var (row, x) = (0, 0.0)
        for entry in entries {
            let name = TextWidth.fitted(entry.name, size: Frame.labelSize, width: width - Self.markWidth)
            let needed = Self.markWidth + TextWidth.of(name, size: Frame.labelSize) + 10
            if x > 0, x + needed - 10 > width { (row, x) = (row + 1, 0) }
            places.append((row, x))
            names.append(name)
            x += needed
        }
        self.places = places
        self.names = names
        rows = entries.isEmpty ? 0 : row + 1
    }

    func draw(x left: Double, y top: Double, isArea: Bool = false, into svg: inout SVGWriter) {
        for (index, entry) in entries.enumerated() {
            let x = left + places[index].x
            let y = top + 8 + Double(places[index].row) * Frame.rowHeight
            svg.begin("g", [("class", Palette.name(entry.style))])
            if isArea {
                svg.element(
                    "path",
                    [("class", "area"), ("d", MarkShape.square.path(x: x + 14, y: y, radius: 6))])
            } else {
                Marks.line([(x + 1, y), (x + 23, y)], style: entry.style, into: &svg)
                Marks.point(x: x + 12, y: y, style: entry.style, isOpen: false, note: "", into: &svg)
            }
            svg.end()
            svg.label(names[index], x: x + Self.markWidth, y: y + 4, class: "label")
        }
    }
}
