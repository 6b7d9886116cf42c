/// The rules of all drawings, for a light and a dark page.
///
/// Plain properties and `currentColor`, without custom properties, so that programs besides browsers draw them too.
package enum ChartStyle {
    package static var rules: String {
        base + colours(Palette.light) + "@media (prefers-color-scheme: dark) {\n" + dark + colours(Palette.dark) + "}\n"
    }

    private static func colours(_ values: [String]) -> String {
        values.enumerated().map { ".chart .c\($0.offset) { color: \($0.element) }\n" }.joined()
    }

    private static let base = """
        .chart { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; font-size: 12px }
        .chart text { fill: #1a1a1a }
        .chart .title { font-size: 14px; font-weight: 600 }
        .chart .label { font-size: 12.5px; paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round }
        .chart .tick, .chart .axis-title { font-size: 12px; fill: #555555 }
        .chart .page { fill: #ffffff }
        .chart .grid { stroke: #e4e4e4; stroke-width: 1; fill: none }
        .chart .guide { stroke: #666666; stroke-width: 1.2; fill: none }
        .chart .line { stroke: currentColor; stroke-width: 2; fill: none; stroke-linejoin: round }
        .chart .thin { stroke: currentColor; stroke-width: 1; fill: none; opacity: .85 }
        .chart .leader { stroke: currentColor; stroke-width: 1; fill: none; opacity: .6 }
        .chart .whisker { stroke: currentColor; stroke-width: 1.6; fill: none }
        .chart .band { fill: currentColor; opacity: .16 }
        .chart .dot { fill: currentColor; stroke: #ffffff; stroke-width: .8 }
        .chart .open { fill: #ffffff; stroke: currentColor; stroke-width: 1.8 }
        .chart .area { fill: currentColor; stroke: #ffffff; stroke-width: 1 }

        """

    private static let dark = """
        .chart text { fill: #ececec }
        .chart .label { stroke: #16181c }
        .chart .tick, .chart .axis-title { fill: #b0b0b0 }
        .chart .page { fill: #16181c }
        .chart .grid { stroke: #33373d }
        .chart .guide { stroke: #a0a0a0 }
        .chart .dot { stroke: #16181c }
        .chart .open { fill: #16181c }
        .chart .area { stroke: #16181c }

        """
}
