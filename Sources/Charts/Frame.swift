/// The rectangle in which marks stand, with two axes.
struct Frame: Sendable {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    /// The height of a row of text under the plot.
    static let rowHeight = 16.0
    static let tickSize = 12.0
    static let labelSize = 12.5

    var box: Box { Box(x: left, y: top, width: right - left, height: bottom - top) }

    func x(_ value: Double, _ axis: Axis) -> Double { left + axis.part(value) * (right - left) }
    func y(_ value: Double, _ axis: Axis) -> Double { bottom - axis.part(value) * (bottom - top) }

    /// Room that the labels of a vertical axis take.
    static func gutter(_ axis: Axis) -> Double {
        (axis.ticks.map { TextWidth.of(axis.label($0), size: tickSize) }.max() ?? 0) + 10
    }

    /// Room under the frame for the labels and the title of a horizontal axis.
    static func footer(_ title: String) -> Double { title.isEmpty ? 20 : 38 }

    /// Grid lines and labels of a vertical axis; its title stands above them, where it can be read.
    func drawVertical(_ axis: Axis, into svg: inout SVGWriter) {
        for tick in axis.ticks {
            let place = y(tick, axis)
            svg.line(left, place, right, place, class: "grid")
            svg.label(axis.label(tick), x: left - 6, y: place + 4, class: "tick", anchor: .end)
        }
    }

    /// Labels and title of a horizontal axis; labels without room are left out.
    func drawHorizontal(_ axis: Axis, grid: Bool = true, into svg: inout SVGWriter) {
        var end = -Double.infinity
        for tick in axis.ticks {
            let place = x(tick, axis)
            if grid { svg.line(place, top, place, bottom, class: "grid") }
            let text = axis.label(tick)
            let width = TextWidth.of(text, size: Self.tickSize)
            guard place - width / 2 > end + 4 else { continue }
            end = place + width / 2
            svg.label(text, x: place, y: bottom + 15, class: "tick", anchor: .middle)
        }
        drawTitle(axis.title, into: &svg)
    }

    func drawTitle(_ title: String, into svg: inout SVGWriter) {
        guard !title.isEmpty else { return }
        svg.label(title, x: (left + right) / 2, y: bottom + 32, class: "axis-title", anchor: .middle)
    }
}
