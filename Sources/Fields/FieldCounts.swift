import Corpora
import Foundation

/// How often a value of a field occurs.
public struct FieldCount: Sendable, Hashable {
    /// As JSON writes it; a date as ISO 8601 does, in UTC.
    public let value: String
    /// Whether the value is a string or a date: JSON has it in quotes.
    public let isText: Bool
    /// Of passages.
    public let count: Int
}

/// Counts the values of a field over passages, perhaps of several segments.
package struct FieldCounts {
    private var counts: [FieldValue: Int] = [:]

    package init() {}

    /// Counts a passage; one that has a value twice counts once.
    package mutating func add(_ table: FieldTable, _ name: String, passage: Int) {
        guard let column = table.column(name), passage < table.passageCount else { return }
        for code in Set(column.codes(of: passage)) {
            if let value = column.value(code) { counts[value, default: 0] += 1 }
        }
    }

    /// Count falling, then value rising.
    package func sorted() -> [FieldCount] {
        counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.map { value, count in
            FieldCount(value: value.text, isText: value.kind == .date || value.kind == .string, count: count)
        }
    }
}

extension FieldValue {
    var text: String {
        switch self {
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .decimal(let value): "\(value)"
        case .date(let date): date.text
        case .string(let value): value.string
        }
    }
}

extension FieldDate {
    /// ISO 8601, as exact as the date is.
    var text: String {
        // Seconds are rounded down, also before 1970.
        let (seconds, micros) = (
            start.dividingFloor(by: Self.second), start - start.dividingFloor(by: Self.second) * Self.second
        )
        let full = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        switch end - start {
        case Self.day...: return String(full.prefix(10))
        case (60 * Self.second)...: return String(full.prefix(16)) + "Z"
        case Self.second...: return full
        default:
            let decimals = String(1_000_000 + micros).dropFirst()
            var kept = decimals.count
            var precision = end - start
            while precision >= 10 { (precision, kept) = (precision / 10, kept - 1) }
            return String(full.dropLast()) + "." + decimals.prefix(max(1, kept)) + "Z"
        }
    }
}

extension Int64 {
    fileprivate func dividingFloor(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
