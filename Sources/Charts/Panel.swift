/// One drawing: a title over a plot, bars or intervals.
///
/// Figures of several panels are several drawings, which a page sets beside each other where it is wide and under
/// each other where it is narrow. A drawing is 380 units wide, so that its text of 12 units stays above 10 pixels on a
/// screen of 360.
package struct Panel: Sendable {
    package static let width = 380.0

    package let title: String
    /// What the drawing shows, for those who do not see it.
    package let summary: String
    package let content: any PanelContent

    package init(title: String, summary: String, content: any PanelContent) {
        self.title = title
        self.summary = summary
        self.content = content
    }

    private static let titleSize = 14.0
    private var top: Double { title.isEmpty ? 6 : 26 }

    package var height: Double { top + content.height }

    /// The drawing as an element of a page.
    ///
    /// - Parameter id: a name that no other drawing of the page has.
    /// - Parameter isAlone: whether it is a file of its own, with its rules inside.
    package func svg(id: String, isAlone: Bool = false) -> String {
        var svg = SVGWriter()
        let (width, height) = (ChartNumber.place(Self.width), ChartNumber.place(self.height))
        var attributes = [
            ("class", "chart"), ("viewBox", "0 0 \(width) \(height)"), ("role", "img"),
            ("aria-labelledby", "\(id)-t \(id)-d"),
        ]
        if isAlone {
            attributes += [("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height)]
        }
        svg.begin("svg", attributes)
        svg.element("title", [("id", "\(id)-t")], content: title.isEmpty ? summary : title)
        svg.element("desc", [("id", "\(id)-d")], content: summary)
        if isAlone {
            svg.element("style", [], content: ChartStyle.rules)
            svg.element("rect", [("class", "page"), ("width", width), ("height", height)])
        }
        if !title.isEmpty {
            let shown = TextWidth.fitted(title, size: Self.titleSize, width: Self.width - 8)
            svg.label(shown, x: 4, y: 16, class: "title")
        }
        content.draw(top: top, into: &svg)
        svg.end()
        return svg.text
    }
}
