import Charts
import Foundation
import Memory
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct PanelTests {
    static let hostile = [
        "a<b>&\"c'", "]]>", "日本語のとても長い名前です、本当に長い名前です", "\u{0}\u{1}", "\u{202E}rtl", "",
    ]

    private static func point(_ x: Double, _ y: Double, _ random: inout SeededGenerator) -> Series.Point {
        let half = random.unit() * 0.1
        return Series.Point(
            x: x, y: y, low: y - half, high: y + half, isOpen: random.next() % 4 == 0,
            note: hostile[Int(random.next() % 6)])
    }

    static func plots(_ seed: UInt64) -> [Panel] {
        var random = SeededGenerator(seed: seed)
        let sizes = [1e3, 1e4, 1e5, 1e6].prefix(1 + Int(random.next() % 4))
        let names = seed % 3 == 0 ? hostile : ["dense", "BM25", "n-gram", "docid, beam 100", "merge", "another"]
        let series = (0..<Int(random.next() % 9)).map { index in
            let kept = sizes.prefix(1 + Int(random.next() % UInt64(sizes.count)))
            return Series(
                names[index % names.count], style: index, form: [.measured, .computed, .marks][index % 3 == 2 ? 2 : 0],
                points: kept.map { point($0, random.unit(), &random) })
        }
        let points: [Series.Point] = series.flatMap(\.points)
        let values: [Double] = points.flatMap { [$0.y, $0.low ?? 0, $0.high ?? 0] }
        let x = Axis("passages", scale: .logarithmic, format: .count, covering: Array(sizes))
        let y = Axis("a & b", covering: values)
        let layers = (0..<4).map { layer in
            StackChart.Layer(
                names[layer], style: layer, values: sizes.map { _ in random.next() % 3 == 0 ? 0 : random.unit() })
        }
        let stackAxis = Axis("bytes", covering: [4], including: [0])
        let rows = (0..<Int(random.next() % 9)).map { index in
            DotPlot.Row(
                names[index % names.count], style: index, value: random.unit(), low: -random.unit(),
                high: 1 + random.unit())
        }
        let contents: [any PanelContent] = [
            Plot(x: x, y: y, series: series, guides: [0], names: .atEnds),
            Plot(x: x, y: y, series: series, names: .atPoints),
            StackChart(
                base: .categories(sizes.map { ChartNumber.short($0) }, title: "n"), y: stackAxis, layers: layers),
            StackChart(base: .axis(x, values: Array(sizes)), y: stackAxis, layers: layers),
            DotPlot(x: Axis("points", covering: rows.flatMap { [$0.low ?? 0, $0.high ?? 0] }), rows: rows, guide: 0),
        ]
        return contents.map { Panel(title: names[Int(seed) % names.count], summary: "A <drawing>", content: $0) }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func drawingsAreXML(_ seed: UInt64) {
        for panel in Self.plots(seed) {
            for isAlone in [false, true] {
                let svg = panel.svg(id: "f", isAlone: isAlone)
                #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(svg)")
                #expect(!svg.contains("NaN") && !svg.contains("nan") && !svg.contains("inf "))
                #expect(svg.contains("role=\"img\"") && svg.contains("aria-labelledby=\"f-t f-d\""))
            }
            #expect(panel.svg(id: "f") == panel.svg(id: "f"))
        }
    }

    @Test(arguments: 0..<120 as Range<UInt64>) func textsDoNotOverlap(_ seed: UInt64) throws {
        for panel in Self.plots(seed) {
            let boxes = try TextBoxes.of(panel.svg(id: "f"))
            for (index, box) in boxes.enumerated() {
                for other in boxes[..<index] where !box.text.isEmpty && !other.text.isEmpty {
                    #expect(!box.box.overlaps(other.box), "\(box.text) and \(other.text), seed \(seed)")
                }
                #expect(
                    box.box.x >= -1 && box.box.x + box.box.width <= Panel.width + 4, "\(box.text) leaves the drawing")
            }
        }
    }
}

/// The texts of a drawing with the rectangles that they take by the widths of letters.
final class TextBoxes: NSObject, XMLParserDelegate {
    private(set) var boxes: [(text: String, box: Box)] = []
    private var attributes: [String: String]?
    private var text = ""

    static func of(_ svg: String) throws -> [(text: String, box: Box)] {
        let reader = TextBoxes()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        try #require(parser.parse())
        return reader.boxes
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "text" { (self.attributes, text) = (attributes, "") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard name == "text", let attributes, let x = attributes["x"].flatMap(Double.init),
            let y = attributes["y"].flatMap(Double.init)
        else { return }
        let sizes: [String: Double] = ["title": 14, "label": 12.5]
        let size = sizes[attributes["class"] ?? ""] ?? 12
        // The widths have some room; a reader's font is about so much narrower.
        let width: Double = TextWidth.of(text, size: size) / 1.06
        let anchors: [String: Double] = ["middle": x - width / 2, "end": x - width]
        let left = anchors[attributes["text-anchor"] ?? ""] ?? x
        boxes.append((text, Box(x: left, y: y - size * 0.75, width: width, height: size * 0.9)))
        self.attributes = nil
    }
}
