/// The one rule by which numbers become text, so that the same values give the same bytes on every machine.
///
/// Only integer arithmetic and one rounding: no locale, no library of formats.
package enum ChartNumber {
    /// What stands where a number is not finite.
    package static let absent = "–"

    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]

    /// A number with exactly `decimals` digits behind the point (0...12); half is rounded away from zero.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return absent }
        let places = min(max(decimals, 0), powers.count - 1)
        let scaled = (value.magnitude * powers[places]).rounded(.toNearestOrAwayFromZero)
        // Beyond 2^53 there are no digits behind the point to tell.
        guard scaled < 9e15 else { return value.magnitude < 9e18 ? "\(Int(value))" : "\(value)" }
        var digits = "\(Int(scaled))"
        if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        return sign + digits.dropLast(places) + "." + digits.suffix(places)
    }

    /// A number with at most `decimals` digits behind the point.
    package static func trimmed(_ value: Double, _ decimals: Int) -> String {
        var text = fixed(value, decimals)
        guard text.contains("."), value.isFinite else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// A number rounded to `digits` significant digits, without an exponent and without zeros at its end.
    package static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return absent }
        guard value != 0 else { return "0" }
        var decimals = digits - 1
        var edge = 1.0
        if value.magnitude >= 1 {
            while decimals > 0, value.magnitude >= edge * 10 {
                edge *= 10
                decimals -= 1
            }
        } else {
            while decimals < 12, value.magnitude < edge {
                edge /= 10
                decimals += 1
            }
        }
        return trimmed(value, decimals)
    }

    /// A count in few letters: 950, 10k, 1.5M, 2G.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return absent }
        let units: [(size: Double, name: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
        for unit in units where value.magnitude >= unit.size * 0.9995 {
            return significant(value / unit.size, 3) + unit.name
        }
        return significant(value, 3)
    }

    /// A place in a drawing: at most two decimals.
    static func place(_ value: Double) -> String { trimmed(value, 2) }
}
