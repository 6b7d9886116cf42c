/// The outline of a measured point.
enum MarkShape: CaseIterable, Sendable {
    case circle, square, triangle, diamond, wedge, cross, bar, saltire

    /// The outline as path data, about `radius` around a place.
    func path(x: Double, y: Double, radius: Double) -> String {
        switch self {
        case .circle: Self.circlePath(x: x, y: y, radius: radius)
        case .square: Self.polygon(x, y, radius * 0.88, [(-1, -1), (1, -1), (1, 1), (-1, 1)])
        case .triangle: Self.polygon(x, y, radius * 1.15, [(0, -1), (0.95, 0.75), (-0.95, 0.75)])
        case .diamond: Self.polygon(x, y, radius * 1.25, [(0, -1), (1, 0), (0, 1), (-1, 0)])
        case .wedge: Self.polygon(x, y, radius * 1.15, [(0, 1), (0.95, -0.75), (-0.95, -0.75)])
        case .cross:
            Self.polygon(
                x, y, radius * 1.15,
                [
                    (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35), (0.35, 1), (-0.35, 1),
                    (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35),
                ])
        case .bar: Self.polygon(x, y, radius * 1.2, [(-1, -0.4), (1, -0.4), (1, 0.4), (-1, 0.4)])
        case .saltire:
            Self.polygon(
                x, y, radius * 1.1,
                [
                    (-1, -0.55), (-0.55, -1), (0, -0.45), (0.55, -1), (1, -0.55), (0.45, 0), (1, 0.55), (0.55, 1),
                    (0, 0.45), (-0.55, 1), (-1, 0.55), (-0.45, 0),
                ])
        }
    }

    static func circlePath(x: Double, y: Double, radius: Double) -> String {
        let (r, d) = (ChartNumber.place(radius), ChartNumber.place(2 * radius))
        return "M\(ChartNumber.place(x - radius)) \(ChartNumber.place(y))"
            + "a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0 -\(d) 0z"
    }

    private static func polygon(_ x: Double, _ y: Double, _ size: Double, _ corners: [(Double, Double)]) -> String {
        let places = corners.map { corner in
            ChartNumber.place(x + corner.0 * size) + " " + ChartNumber.place(y + corner.1 * size)
        }
        return "M" + places.joined(separator: "L") + "z"
    }
}
