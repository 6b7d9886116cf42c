import Corpora

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
