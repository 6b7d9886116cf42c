/// Series over two axes, their names at their ends.
package struct Plot: PanelContent {
    /// Where names stand, if they have room; else in rows under the plot.
    package enum Names: Sendable { case atEnds, atPoints }

    package let x: Axis
    package let y: Axis
    package let series: [Series]
    /// Values of y with a line across, such as 0.
    package let guides: [Double]
    package let names: Names

    package init(x: Axis, y: Axis, series: [Series], guides: [Double] = [], names: Names = .atEnds) {
        self.x = x
        self.y = y
        self.series = series
        self.guides = guides
        self.names = names
    }

    private static let plotHeight = 210.0
    private static let mostNameWidth = 118.0
    private static let nameHeight = 15.0

    package var height: Double { layout(top: 0).height }

    /// All that must be known before anything is drawn.
    private struct Layout {
        var frame: Frame
        var height: Double
        var legend: Legend?
        /// Centres of names at the ends, in order of the labelled series.
        var ends: [Double] = []
        var boxes: [Box] = []
    }

    private var labelled: [Series] { series.filter { $0.isLabelled && !$0.points.isEmpty } }

    private func layout(top: Double) -> Layout {
        let head = y.title.isEmpty ? 8.0 : 20
        var frame = Frame(
            left: max(Frame.gutter(y), 26), right: Panel.width - 14, top: top + head,
            bottom: top + head + Self.plotHeight)
        let height = head + Self.plotHeight + Frame.footer(x.title)
        let labelled = labelled
        let widths = labelled.map { TextWidth.of($0.name, size: Frame.labelSize) }
        // One series needs no name in the plot where the title says it; it has none then.
        if labelled.isEmpty { return Layout(frame: frame, height: height) }
        switch names {
        case .atEnds:
            let widest = widths.max() ?? 0
            let wishes = labelled.map { frame.y($0.points[$0.points.count - 1].y, y) }
            if widest <= Self.mostNameWidth,
                let ends = LabelPlacement.column(
                    wishes, height: Self.nameHeight, within: (frame.top - 6)...(frame.bottom + 6))
            {
                frame.right = Panel.width - widest - 24
                return Layout(frame: frame, height: height, ends: ends)
            }
        case .atPoints:
            let wishes = labelled.enumerated().map { index, series in
                let last = series.points[series.points.count - 1]
                return PointLabels.Wish(
                    x: frame.x(last.x, x), y: frame.y(last.y, y), width: widths[index], height: Self.nameHeight)
            }
            if let boxes = PointLabels.boxes(wishes, obstacles: obstacles(frame), within: frame.box) {
                return Layout(frame: frame, height: height, boxes: boxes)
            }
        }
        let legend = Legend(labelled.map { ($0.name, $0.style) }, width: Panel.width - 16)
        return Layout(frame: frame, height: height + legend.height, legend: legend)
    }

    /// Points and pieces of lines that a name must not cover.
    private func obstacles(_ frame: Frame) -> [Box] {
        series.flatMap { series -> [Box] in
            let places = series.points.map { (frame.x($0.x, x), frame.y($0.y, y)) }
            let marks = places.map { Box(x: $0.0 - 5, y: $0.1 - 5, width: 10, height: 10) }
            let pieces = zip(places, places.dropFirst()).flatMap { from, to in
                (1..<12).map { step in
                    let part = Double(step) / 12
                    return Box(
                        x: from.0 + (to.0 - from.0) * part - 3, y: from.1 + (to.1 - from.1) * part - 3, width: 6, height: 6)
                }
            }
            return marks + pieces
        }
    }

    package func draw(top: Double, into svg: inout SVGWriter) {
        let layout = layout(top: top)
        let frame = layout.frame
        frame.drawVertical(y, into: &svg)
        frame.drawHorizontal(x, into: &svg)
        if !y.title.isEmpty { svg.label(y.title, x: 4, y: top + 10, class: "axis-title") }
        for guide in guides {
            let place = frame.y(guide, y)
            svg.line(frame.left, place, frame.right, place, class: "guide")
        }
        // Bands lie under all lines, lines under all points.
        for series in series where series.form == .measured { drawBand(series, frame, &svg) }
        for series in series { drawLine(series, frame, &svg) }
        for series in series where series.form != .computed { drawPoints(series, frame, &svg) }
        drawNames(layout, &svg)
        layout.legend?.draw(x: 8, y: top + layout.height - (layout.legend?.height ?? 0), into: &svg)
    }

    private func drawBand(_ series: Series, _ frame: Frame, _ svg: inout SVGWriter) {
        let band = series.points.compactMap { point -> (x: Double, low: Double, high: Double)? in
            guard let low = point.low, let high = point.high else { return nil }
            return (frame.x(point.x, x), clamped(low, frame), clamped(high, frame))
        }
        guard band.count > 1 else { return }
        svg.begin("g", [("class", Palette.name(series.style))])
        Marks.band(band, into: &svg)
        svg.end()
    }

    private func drawLine(_ series: Series, _ frame: Frame, _ svg: inout SVGWriter) {
        guard series.form != .marks, series.points.count > 1 else { return }
        let points = series.points.map { (frame.x($0.x, x), frame.y($0.y, y)) }
        svg.begin("g", [("class", Palette.name(series.style))])
        if series.form == .computed {
            Marks.thinLine(points, note: series.name, into: &svg)
        } else {
            Marks.line(points, style: series.style, into: &svg)
        }
        svg.end()
    }

    private func drawPoints(_ series: Series, _ frame: Frame, _ svg: inout SVGWriter) {
        svg.begin("g", [("class", Palette.name(series.style))])
        for point in series.points {
            let place = frame.x(point.x, x)
            // A single point has no band to show its interval.
            if let low = point.low, let high = point.high, series.form == .marks || series.points.count == 1 {
                Marks.whisker(x: place, low: clamped(low, frame), high: clamped(high, frame), into: &svg)
            }
            Marks.point(
                x: place, y: frame.y(point.y, y), style: series.style, isOpen: point.isOpen, note: point.note,
                into: &svg)
        }
        svg.end()
    }

    private func drawNames(_ layout: Layout, _ svg: inout SVGWriter) {
        let frame = layout.frame
        let labelled = labelled
        for (index, centre) in layout.ends.enumerated() {
            let series = labelled[index]
            let last = series.points[series.points.count - 1]
            svg.begin("g", [("class", Palette.name(series.style))])
            let from = (frame.x(last.x, x) + 6, frame.y(last.y, y))
            svg.element(
                "path",
                [
                    ("class", "leader"),
                    ("d", Marks.path([from, (max(from.0, frame.right + 4), from.1), (frame.right + 15, centre)])),
                ])
            svg.end()
            svg.label(series.name, x: frame.right + 18, y: centre + 4, class: "label")
        }
        for (index, box) in layout.boxes.enumerated() {
            svg.label(labelled[index].name, x: box.x, y: box.y + 12, class: "label")
        }
    }

    private func clamped(_ value: Double, _ frame: Frame) -> Double {
        min(max(frame.y(value, y), frame.top), frame.bottom)
    }
}
