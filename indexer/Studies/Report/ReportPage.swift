import Charts

/// One HTML file without network and script. It is well-formed XML too.
struct ReportPage {
    private(set) var text: String

    init(title: String) {
        text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>\(Self.escaped(title))</title>
            <style>
            \(PageStyle.rules)\(ChartStyle.rules)</style>
            </head>
            <body>
            <main>
            <h1>\(Self.escaped(title))</h1>

            """
    }

    mutating func heading(_ words: String, id: String) {
        text += "<h2 id=\"\(Self.escaped(id))\">\(Self.escaped(words))</h2>\n"
    }

    mutating func paragraph(_ words: String, class name: String? = nil) {
        guard !words.isEmpty else { return }
        text += "<p\(name.map { " class=\"\($0)\"" } ?? "")>\(Self.escaped(words))</p>\n"
    }

    mutating func list(_ items: [String]) {
        guard !items.isEmpty else { return }
        text += "<ul>\n" + items.map { "<li>\(Self.escaped($0))</li>\n" }.joined() + "</ul>\n"
    }

    /// A figure with its caption, its table, and the names of its files.
    mutating func figure(_ figure: StudyFigure) {
        heading(figure.title, id: figure.name)
        text += "<figure>\n<div class=\"panels\">\n"
        for (index, panel) in figure.panels.enumerated() { text += panel.svg(id: "\(figure.name)-\(index + 1)") }
        text += "</div>\n<figcaption>\(Self.escaped(figure.caption))</figcaption>\n</figure>\n"
        text += "<details>\n<summary>Table of \(figure.table.rows.count) rows</summary>\n"
        table(figure.table)
        text += "</details>\n"
        let files = StudyReport.files(of: figure.name).map { "<a href=\"\($0)\">\($0)</a>" }.joined(separator: ", ")
        text += "<p class=\"files\">\(files)</p>\n"
    }

    mutating func table(_ table: FigureTable) {
        text += "<div class=\"scroll\"><table>\n<thead><tr>"
        for (index, column) in table.columns.enumerated() {
            let words = column.name.split(separator: "_").joined(separator: " ")
            text += "<th scope=\"col\"\(Self.alignment(table, index))>\(Self.escaped(words))</th>"
        }
        text += "</tr></thead>\n<tbody>\n"
        for row in table.rows {
            text += "<tr>"
            for (index, value) in row.enumerated() {
                text += "<td\(Self.alignment(table, index))>\(Self.escaped(table.shown(value, column: index)))</td>"
            }
            text += "</tr>\n"
        }
        text += "</tbody>\n</table></div>\n"
    }

    mutating func details(_ summary: String, _ table: FigureTable) {
        text += "<details>\n<summary>\(Self.escaped(summary))</summary>\n"
        self.table(table)
        text += "</details>\n"
    }

    mutating func finish() { text += "</main>\n</body>\n</html>\n" }

    private static func alignment(_ table: FigureTable, _ column: Int) -> String {
        table.columns[column].format == .text ? "" : " class=\"n\""
    }

    private static func escaped(_ text: String) -> String { SVGWriter.escaped(text) }
}
