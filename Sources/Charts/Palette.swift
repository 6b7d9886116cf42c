/// How the n-th series looks: colour, dash and shape say the same, so that none is needed alone.
///
/// Colours are those of Okabe and Ito (2008), which people with any kind of colour vision tell apart. On a dark page
/// three are lighter, and yellow comes last, since it is faint on white.
package enum Palette {
    package static let count = 8

    /// The class that gives a mark its colour.
    static func name(_ index: Int) -> String { "c\(slot(index))" }

    /// A pattern for `stroke-dasharray`, another one where colours come again; nil for an unbroken line.
    static func dash(_ index: Int) -> String? { dashes[slot(index + index / count)] }

    static func shape(_ index: Int) -> MarkShape { MarkShape.allCases[slot(index + index / count)] }

    /// The rules for all series on a light and a dark page.
    static let light = ["#0072b2", "#d55e00", "#009e73", "#b8578c", "#c98500", "#3a9bd5", "#333333", "#a89b00"]
    static let dark = ["#4aa8e0", "#f0803c", "#2fc79a", "#e08fbd", "#e69f00", "#8fd0f5", "#d8d8d8", "#f0e442"]

    private static let dashes: [String?] = [nil, "7 3", "2 2.5", "9 3 2 3", "4 2", "1 3", "12 4", "7 2 2 2 2 2"]

    private static func slot(_ index: Int) -> Int { ((index % count) + count) % count }
}
