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
        /// Names in a column at the right, each with its centre.
        var ends: [(series: Series, centre: Double)] = []
        /// Names beside their points.
        var boxes: [(series: Series, box: Box)] = []
    }

    /// Many bands over each other show nothing; whiskers then do.
    private var hasBands: Bool { series.count { $0.form == .measured } <= 6 }

    private var labelled: [Series] { series.filter { $0.isLabelled && !$0.points.isEmpty } }

    private func layout(top: Double) -> Layout {
        let head = y.title.isEmpty ? 8.0 : 24
        var frame = Frame(
            left: max(Frame.gutter(y), 26), right: Panel.width - 14, top: top + head,
            bottom: top + head + Self.plotHeight)
        let height = head + Self.plotHeight + Frame.footer(x.title)
        let labelled = labelled
        let widths = labelled.map { TextWidth.of($0.name, size: Frame.labelSize) }
        // One series needs no name in the plot where the title says it; it has none then.
        if labelled.isEmpty { return Layout(frame: frame, height: height) }
        let widest = widths.max() ?? 0
        switch names {
        case .atEnds where widest <= Self.mostNameWidth:
            frame.right = Panel.width - widest - 24
            let last = labelled.map { $0.points[$0.points.count - 1].x }.max() ?? 0
            // A line that ends early has its name beside its last point, where there is room.
            let early = labelled.filter { $0.points[$0.points.count - 1].x < last }
            if let boxes = boxes(early, frame, within: frame.box) {
                let others = labelled.filter { $0.points[$0.points.count - 1].x >= last }
                if let ends = ends(others, frame) {
                    return Layout(frame: frame, height: height, ends: ends, boxes: boxes)
                }
            } else if let ends = ends(labelled, frame) {
                return Layout(frame: frame, height: height, ends: ends)
            }
            frame.right = Panel.width - 14
        case .atEnds: break
        case .atPoints:
            frame.right = Panel.width - 14 - min(widest, 56)
            let around = Box(
                x: frame.left + 2, y: frame.top, width: Panel.width - frame.left - 4, height: frame.bottom - frame.top)
            if let boxes = boxes(labelled, frame, within: around) {
                return Layout(frame: frame, height: height, boxes: boxes)
            }
            frame.right = Panel.width - 14
        }
        let legend = Legend(labelled.map { ($0.name, $0.style) }, width: Panel.width - 16)
        return Layout(frame: frame, height: height + legend.height, legend: legend)
    }

    /// Names in a column at the right of the frame; nil where they have no room.
    private func ends(_ series: [Series], _ frame: Frame) -> [(series: Series, centre: Double)]? {
        let wishes = series.map { frame.y($0.points[$0.points.count - 1].y, y) }
        let centres = LabelPlacement.column(
            wishes, height: Self.nameHeight, within: (frame.top - 6)...(frame.bottom + 6))
        return centres.map { Array(zip(series, $0)).map { (series: $0.0, centre: $0.1) } }
    }

    /// Names beside the last points; nil where they have no room.
    private func boxes(_ series: [Series], _ frame: Frame, within room: Box) -> [(series: Series, box: Box)]? {
        let wishes = series.map { series in
            let last = series.points[series.points.count - 1]
            return PointLabels.Wish(
                x: frame.x(last.x, x), y: frame.y(last.y, y), width: TextWidth.of(series.name, size: Frame.labelSize),
                height: Self.nameHeight)
        }
        let boxes = PointLabels.boxes(wishes, obstacles: obstacles(frame), within: room)
        return boxes.map { Array(zip(series, $0)).map { (series: $0.0, box: $0.1) } }
    }

    /// Points and pieces of lines that a name must not cover.
    private func obstacles(_ frame: Frame) -> [Box] {
        series.flatMap { series -> [Box] in
            let places = series.points.map { (frame.x($0.x, x), frame.y($0.y, y)) }
            let marks = places.map { Box(x: $0.0 - 5, y: $0.1 - 5, width: 10, height: 10) }
            let pieces = zip(places, places.dropFirst()).flatMap { from, to in
                (1..<24).map { step in
                    let part = Double(step) / 24
                    return Box(
                        x: from.0 + (to.0 - from.0) * part - 3, y: from.1 + (to.1 - from.1) * part - 3, width: 6,
                        height: 6)
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
        if hasBands { for series in series where series.form == .measured { drawBand(series, frame, &svg) } }
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
            if let low = point.low, let high = point.high,
                series.form == .marks || series.points.count == 1 || !hasBands
            {
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
        for (series, centre) in layout.ends {
            let last = series.points[series.points.count - 1]
            let from = (frame.x(last.x, x) + 6, frame.y(last.y, y))
            drawLeader(series, [from, (max(from.0, frame.right + 4), from.1), (frame.right + 15, centre)], &svg)
            svg.label(series.name, x: frame.right + 18, y: centre + 4, class: "label")
        }
        for (series, box) in layout.boxes {
            let last = series.points[series.points.count - 1]
            let from = (frame.x(last.x, x), frame.y(last.y, y))
            let nearest = (
                min(max(from.0, box.x), box.x + box.width), min(max(from.1, box.y + 3), box.y + box.height - 2)
            )
            let distance = ((nearest.0 - from.0) * (nearest.0 - from.0) + (nearest.1 - from.1) * (nearest.1 - from.1))
                .squareRoot()
            if distance > 12 { drawLeader(series, [from, nearest], &svg) }
            svg.label(series.name, x: box.x, y: box.y + 12, class: "label")
        }
    }

    private func drawLeader(_ series: Series, _ points: [(x: Double, y: Double)], _ svg: inout SVGWriter) {
        svg.begin("g", [("class", Palette.name(series.style))])
        svg.element("path", [("class", "leader"), ("d", Marks.path(points))])
        svg.end()
    }

    private func clamped(_ value: Double, _ frame: Frame) -> Double {
        min(max(frame.y(value, y), frame.top), frame.bottom)
    }
}
