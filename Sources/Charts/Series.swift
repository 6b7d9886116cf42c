/// What was measured of one thing: points, a line through them, and a band of intervals about it.
package struct Series: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double
        /// The ends of its interval; nil where there is none.
        package var low: Double?
        package var high: Double?
        /// Drawn as an open circle: measured on a machine that had other work.
        package var isOpen: Bool
        /// Words that a reader sees who rests on the point.
        package var note: String

        package init(
            x: Double, y: Double, low: Double? = nil, high: Double? = nil, isOpen: Bool = false, note: String = ""
        ) {
            self.x = x
            self.y = y
            self.low = low
            self.high = high
            self.isOpen = isOpen
            self.note = note
        }
    }

    /// How a series is drawn.
    package enum Form: Sendable, Hashable {
        /// Marks, a line through them and their band.
        case measured
        /// A thin line alone: computed, not measured.
        case computed
        /// Marks with whiskers and no line.
        case marks
    }

    package var name: String
    /// Its place in the ``Palette``.
    package var style: Int
    package var form: Form
    /// In order of the line.
    package var points: [Point]
    /// Whether its name stands at its end.
    package var isLabelled: Bool

    package init(
        _ name: String, style: Int, form: Form = .measured, points: [Point], isLabelled: Bool = true
    ) {
        self.name = name
        self.style = style
        self.form = form
        self.points = points
        self.isLabelled = isLabelled
    }
}
