/// Parts of a whole, one on another: bars over categories, or areas over a logarithmic or linear axis.
package struct StackChart: PanelContent {
    /// One part of every whole.
    package struct Layer: Sendable, Hashable {
        package var name: String
        package var style: Int
        /// In order of the categories; never negative.
        package var values: [Double]

        package init(_ name: String, style: Int, values: [Double]) {
            self.name = name
            self.style = style
            self.values = values
        }
    }

    /// Where the wholes stand.
    package enum Base: Sendable {
        case categories([String], title: String)
        case axis(Axis, values: [Double])
    }

    package let base: Base
    package let y: Axis
    /// From the bottom up.
    package let layers: [Layer]

    package init(base: Base, y: Axis, layers: [Layer]) {
        self.base = base
        self.y = y
        self.layers = layers
    }

    private static let plotHeight = 190.0
    private static let mostNameWidth = 128.0
    private static let nameHeight = 15.0

    private var title: String {
        switch base {
        case .categories(_, let title): title
        case .axis(let axis, _): axis.title
        }
    }

    private var count: Int {
        switch base {
        case .categories(let names, _): names.count
        case .axis(_, let values): values.count
        }
    }

    package var height: Double { layout(top: 0).height }

    private struct Layout {
        var frame: Frame
        var height: Double
        var legend: Legend?
        var names: [(layer: Int, wish: Double, place: Double)] = []
    }

    private func layout(top: Double) -> Layout {
        let head = y.title.isEmpty ? 8.0 : 24
        var frame = Frame(
            left: max(Frame.gutter(y), 26), right: Panel.width - 14, top: top + head,
            bottom: top + head + Self.plotHeight)
        let height = head + Self.plotHeight + Frame.footer(title)
        guard count > 0 else { return Layout(frame: frame, height: height) }
        let shown = layers.indices.filter { layers[$0].values[count - 1] > 0 }
        let hidden = layers.indices.filter {
            layers[$0].values[count - 1] <= 0 && layers[$0].values.contains { $0 > 0 }
        }
        let wishes = shown.map { layer -> Double in
            let ends = bounds(layer, count - 1)
            return (frame.y(ends.low, y) + frame.y(ends.high, y)) / 2
        }
        let widest = shown.map { TextWidth.of(layers[$0].name, size: Frame.labelSize) }.max() ?? 0
        if hidden.isEmpty, widest <= Self.mostNameWidth,
            let places = LabelPlacement.column(
                wishes, height: Self.nameHeight, within: (frame.top - 6)...(frame.bottom + 6))
        {
            frame.right = Panel.width - widest - 24
            let names = shown.indices.map { (layer: shown[$0], wish: wishes[$0], place: places[$0]) }
            return Layout(frame: frame, height: height, names: names)
        }
        let legend = Legend(layers.map { ($0.name, $0.style) }, width: Panel.width - 16)
        return Layout(frame: frame, height: height + legend.height, legend: legend)
    }

    private func bounds(_ layer: Int, _ place: Int) -> (low: Double, high: Double) {
        let low = layers[..<layer].reduce(0) { $0 + $1.values[place] }
        return (low, low + layers[layer].values[place])
    }

    package func draw(top: Double, into svg: inout SVGWriter) {
        let layout = layout(top: top)
        let frame = layout.frame
        frame.drawVertical(y, into: &svg)
        if !y.title.isEmpty { svg.label(y.title, x: 4, y: top + 10, class: "axis-title") }
        let lastEdge: Double
        switch base {
        case .categories(let names, let title):
            let step = (frame.right - frame.left) / Double(max(names.count, 1))
            let width = min(step * 0.66, 56)
            lastEdge = frame.right - step / 2 + width / 2
            for (place, name) in names.enumerated() {
                let centre = frame.left + (Double(place) + 0.5) * step
                drawBar(place, name, left: centre - width / 2, width: width, frame, &svg)
                let shown = TextWidth.fitted(name, size: Frame.tickSize, width: step - 4)
                svg.label(shown, x: centre, y: frame.bottom + 15, class: "tick", anchor: .middle)
            }
            frame.drawTitle(title, into: &svg)
        case .axis(let axis, let values):
            lastEdge = values.last.map { frame.x($0, axis) } ?? frame.right
            drawAreas(axis, values, frame, &svg)
            frame.drawHorizontal(axis, grid: false, into: &svg)
        }
        for name in layout.names {
            svg.begin("g", [("class", Palette.name(layers[name.layer].style))])
            svg.element(
                "path",
                [
                    ("class", "leader"),
                    ("d", Marks.path([(lastEdge + 2, name.wish), (frame.right + 15, name.place)])),
                ])
            svg.end()
            svg.label(layers[name.layer].name, x: frame.right + 18, y: name.place + 4, class: "label")
        }
        layout.legend?.draw(x: 8, y: top + layout.height - (layout.legend?.height ?? 0), isArea: true, into: &svg)
    }

    private func drawBar(
        _ place: Int, _ name: String, left: Double, width: Double, _ frame: Frame, _ svg: inout SVGWriter
    ) {
        for layer in layers.indices where layers[layer].values[place] > 0 {
            let ends = bounds(layer, place)
            let (top, bottom) = (frame.y(ends.high, y), frame.y(ends.low, y))
            svg.begin("g", [("class", Palette.name(layers[layer].style))])
            svg.element(
                "rect",
                [
                    ("class", "area"), ("x", ChartNumber.place(left)), ("y", ChartNumber.place(top)),
                    ("width", ChartNumber.place(width)), ("height", ChartNumber.place(bottom - top)),
                ], tooltip: note(layer, place, name))
            svg.end()
        }
    }

    private func drawAreas(_ axis: Axis, _ values: [Double], _ frame: Frame, _ svg: inout SVGWriter) {
        for layer in layers.indices {
            let ends = values.indices.map { bounds(layer, $0) }
            let upper = values.indices.map { (x: frame.x(values[$0], axis), y: frame.y(ends[$0].high, y)) }
            let lower = values.indices.reversed().map { (x: frame.x(values[$0], axis), y: frame.y(ends[$0].low, y)) }
            guard upper.count > 1 else { continue }
            svg.begin("g", [("class", Palette.name(layers[layer].style))])
            svg.element(
                "path", [("class", "area"), ("d", Marks.path(upper + lower) + "z")], tooltip: layers[layer].name)
            svg.end()
        }
    }

    private func note(_ layer: Int, _ place: Int, _ name: String) -> String {
        "\(layers[layer].name), \(name): \(ChartNumber.significant(layers[layer].values[place], 3))"
    }
}
