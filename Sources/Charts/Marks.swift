/// Lines, points, bands and whiskers in the colour of the group that they are written into.
enum Marks {
    static let radius = 3.6

    static func line(_ points: [(x: Double, y: Double)], style: Int, into svg: inout SVGWriter) {
        guard points.count > 1 else { return }
        var attributes = [("class", "line"), ("d", path(points))]
        if let dash = Palette.dash(style) { attributes.append(("stroke-dasharray", dash)) }
        svg.element("path", attributes)
    }

    static func thinLine(_ points: [(x: Double, y: Double)], note: String, into svg: inout SVGWriter) {
        guard points.count > 1 else { return }
        svg.element("path", [("class", "thin"), ("d", path(points))], tooltip: note)
    }

    static func band(_ points: [(x: Double, low: Double, high: Double)], into svg: inout SVGWriter) {
        guard points.count > 1 else { return }
        let outline = points.map { ($0.x, $0.high) } + points.reversed().map { ($0.x, $0.low) }
        svg.element("path", [("class", "band"), ("d", path(outline) + "z")])
    }

    static func point(x: Double, y: Double, style: Int, isOpen: Bool, note: String, into svg: inout SVGWriter) {
        let outline =
            isOpen
            ? MarkShape.circlePath(x: x, y: y, radius: radius + 0.6)
            : Palette.shape(style).path(x: x, y: y, radius: radius)
        svg.element("path", [("class", isOpen ? "open" : "dot"), ("d", outline)], tooltip: note)
    }

    /// The interval of a point, upright.
    static func whisker(x: Double, low: Double, high: Double, into svg: inout SVGWriter) {
        svg.line(x, low, x, high, class: "whisker")
    }

    static func path(_ points: [(x: Double, y: Double)]) -> String {
        "M" + points.map { ChartNumber.place($0.x) + " " + ChartNumber.place($0.y) }.joined(separator: "L")
    }
}
