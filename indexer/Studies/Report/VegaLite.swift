import Storage

/// A figure as a Vega-Lite v5 specification with its data inside, so that anyone restyles it for a paper.
enum VegaLite: Sendable {
    /// Lines with bands; every name is a column of the table.
    case lines(x: String, y: String, low: String, high: String, series: String, panel: String, logarithmicY: Bool)
    /// Points with a line through each series' sizes.
    case path(x: String, y: String, order: String, series: String, panel: String)
    case stack(x: String, y: String, series: String, panel: String)
    case dots(x: String, y: String, low: String, high: String, panel: String)

    func bytes(_ figure: StudyFigure) -> [UInt8] {
        let members: [JSONValue.Member] =
            [
                .init("$schema", .string("https://vega.github.io/schema/vega-lite/v5.json")),
                .init("title", .string(figure.title)), .init("description", .string(figure.caption)),
                .init("data", .object([.init("values", figure.table.json)])),
            ] + body
        return JSONValue.object(members).bytes() + [UInt8(ascii: "\n")]
    }

    private var body: [JSONValue.Member] {
        switch self {
        case .lines(let x, let y, let low, let high, let series, let panel, let isLogarithmic):
            let scale = isLogarithmic ? "log" : "linear"
            return faceted(
                panel,
                [
                    layer(
                        "area",
                        [
                            ("x", field(x, "quantitative", scale: "log")),
                            ("y", field(low, "quantitative", scale: scale)),
                            ("y2", .object([.init("field", .string(high))])), ("color", field(series, "nominal")),
                        ], opacity: 0.2),
                    layer(
                        "line",
                        [
                            ("x", field(x, "quantitative", scale: "log")),
                            ("y", field(y, "quantitative", scale: scale)),
                            ("color", field(series, "nominal")), ("strokeDash", field(series, "nominal")),
                        ]),
                    layer(
                        "point",
                        [
                            ("x", field(x, "quantitative", scale: "log")),
                            ("y", field(y, "quantitative", scale: scale)),
                            ("color", field(series, "nominal")), ("shape", field(series, "nominal")),
                        ]),
                ])
        case .path(let x, let y, let order, let series, let panel):
            let places = [
                ("x", field(x, "quantitative", scale: "log")), ("y", field(y, "quantitative", scale: "linear")),
                ("color", field(series, "nominal")),
            ]
            return faceted(
                panel,
                [
                    layer("line", places + [("order", field(order, "quantitative"))]),
                    layer("point", places + [("shape", field(series, "nominal"))]),
                ])
        case .stack(let x, let y, let series, let panel):
            return faceted(
                panel,
                [
                    layer(
                        "bar",
                        [
                            ("x", field(x, "ordinal")), ("y", field(y, "quantitative")),
                            ("color", field(series, "nominal")),
                        ])
                ])
        case .dots(let x, let y, let low, let high, let panel):
            return faceted(
                panel,
                [
                    layer(
                        "rule",
                        [
                            ("y", field(y, "nominal")), ("x", field(low, "quantitative")),
                            ("x2", .object([.init("field", .string(high))])),
                        ]),
                    layer("point", [("y", field(y, "nominal")), ("x", field(x, "quantitative"))]),
                ])
        }
    }

    private func faceted(_ panel: String, _ layers: [JSONValue]) -> [JSONValue.Member] {
        [
            .init("facet", .object([.init("field", .string(panel)), .init("type", .string("nominal"))])),
            .init("columns", .number(2)), .init("spec", .object([.init("layer", .array(layers))])),
            .init("resolve", .object([.init("scale", .object([.init("y", .string("independent"))]))])),
        ]
    }

    private func layer(_ mark: String, _ encoding: [(String, JSONValue)], opacity: Double? = nil) -> JSONValue {
        var style: [JSONValue.Member] = [.init("type", .string(mark))]
        if let opacity { style.append(.init("opacity", .number(opacity))) }
        return .object([
            .init("mark", .object(style)), .init("encoding", .object(encoding.map { .init($0.0, $0.1) })),
        ])
    }

    private func field(_ name: String, _ type: String, scale: String? = nil) -> JSONValue {
        var members: [JSONValue.Member] = [.init("field", .string(name)), .init("type", .string(type))]
        if let scale {
            members.append(
                .init("scale", .object([.init("type", .string(scale)), .init("zero", .bool(false))])))
        }
        return .object(members)
    }
}
