/// Elements of a drawing as text, one a line, every text and attribute escaped.
package struct SVGWriter: Sendable {
    package private(set) var text = ""
    private var open: [String] = []

    package init() {}

    /// Where a text stands in relation to its place.
    package enum Anchor: String, Sendable { case start, middle, end }

    /// An element that holds what is written until it is closed.
    package mutating func begin(_ name: String, _ attributes: [(String, String)] = []) {
        text += "<\(name)\(Self.list(attributes))>\n"
        open.append(name)
    }

    package mutating func end() {
        guard let name = open.popLast() else { return }
        text += "</\(name)>\n"
    }

    /// An element without content, or with a tooltip.
    package mutating func element(_ name: String, _ attributes: [(String, String)], tooltip: String? = nil) {
        guard let tooltip, !tooltip.isEmpty else {
            text += "<\(name)\(Self.list(attributes))/>\n"
            return
        }
        text += "<\(name)\(Self.list(attributes))><title>\(Self.escaped(tooltip))</title></\(name)>\n"
    }

    /// An element that holds a text.
    package mutating func element(_ name: String, _ attributes: [(String, String)], content: String) {
        text += "<\(name)\(Self.list(attributes))>\(Self.escaped(content))</\(name)>\n"
    }

    package mutating func label(
        _ content: String, x: Double, y: Double, class name: String, anchor: Anchor = .start
    ) {
        var attributes = [("class", name), ("x", ChartNumber.place(x)), ("y", ChartNumber.place(y))]
        if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
        element("text", attributes, content: content)
    }

    package mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String) {
        element(
            "path",
            [
                ("class", name),
                (
                    "d",
                    "M\(ChartNumber.place(x1)) \(ChartNumber.place(y1))L\(ChartNumber.place(x2)) \(ChartNumber.place(y2))"
                ),
            ])
    }

    /// A text that may stand between tags and in quotes; what XML 1.0 forbids becomes a replacement character.
    package static func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output.append(contentsOf: "&amp;".unicodeScalars)
            case "<": output.append(contentsOf: "&lt;".unicodeScalars)
            case ">": output.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": output.append(contentsOf: "&quot;".unicodeScalars)
            case "'": output.append(contentsOf: "&#39;".unicodeScalars)
            case "\t", "\n", "\r": output.append(" ")
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                output.append("\u{FFFD}")
            default: output.append(scalar)
            }
        }
        return String(output)
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    }
}
