/// Rows of names with a value and its interval.
package struct DotPlot: PanelContent {
    package struct Row: Sendable, Hashable {
        package var name: String
        package var style: Int
        package var value: Double
        package var low: Double?
        package var high: Double?
        package var isOpen: Bool
        package var note: String

        package init(
            _ name: String, style: Int, value: Double, low: Double?, high: Double?, isOpen: Bool = false,
            note: String = ""
        ) {
            self.name = name
            self.style = style
            self.value = value
            self.low = low
            self.high = high
            self.isOpen = isOpen
            self.note = note
        }
    }

    package let x: Axis
    package let rows: [Row]
    /// A value of x with a line upwards, such as 0.
    package let guide: Double?

    package init(x: Axis, rows: [Row], guide: Double? = nil) {
        self.x = x
        self.rows = rows
        self.guide = guide
    }

    /// Names up to this width stand beside their rows, longer ones above them.
    private static let mostNameWidth = 150.0

    private var widest: Double { rows.map { TextWidth.of($0.name, size: Frame.labelSize) }.max() ?? 0 }
    private var isBeside: Bool { widest <= Self.mostNameWidth }
    private var rowHeight: Double { isBeside ? 22 : 36 }

    package var height: Double { 8 + Double(rows.count) * rowHeight + Frame.footer(x.title) }

    package func draw(top: Double, into svg: inout SVGWriter) {
        let frame = Frame(
            left: isBeside ? widest + 16 : 16, right: Panel.width - 18, top: top + 4,
            bottom: top + 8 + Double(rows.count) * rowHeight)
        frame.drawHorizontal(x, into: &svg)
        if let guide {
            let place = frame.x(guide, x)
            svg.line(place, frame.top, place, frame.bottom, class: "guide")
        }
        for (index, row) in rows.enumerated() {
            let start = top + 6 + Double(index) * rowHeight
            let centre = isBeside ? start + rowHeight / 2 : start + rowHeight - 10
            if isBeside {
                svg.label(row.name, x: frame.left - 8, y: centre + 4, class: "label", anchor: .end)
            } else {
                let shown = TextWidth.fitted(row.name, size: Frame.labelSize, width: Panel.width - 24)
                svg.label(shown, x: 8, y: start + 12, class: "label")
            }
            svg.begin("g", [("class", Palette.name(row.style))])
            if let low = row.low, let high = row.high {
                svg.line(clamped(low, frame), centre, clamped(high, frame), centre, class: "whisker")
            }
            Marks.point(
                x: frame.x(row.value, x), y: centre, style: row.style, isOpen: row.isOpen, note: row.note, into: &svg)
            svg.end()
        }
    }

    private func clamped(_ value: Double, _ frame: Frame) -> Double {
        min(max(frame.x(value, x), frame.left), frame.right)
    }
}
