import Corpora

/// A value of a field, in the order of a column's dictionary: false, true, whole numbers, decimals, dates, strings.
enum FieldValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int64)
    case decimal(Double)
    case date(FieldDate)
    case string(Identifier)

    /// The kinds in the order of a dictionary.
    enum Kind: Int, CaseIterable, Sendable {
        case boolean, integer, decimal, date, string
    }

    /// Of longer strings, in bytes, a dictionary has no more than the start.
    static let longestString = 1024

    init(_ leaf: FieldLeaf) {
        switch leaf {
        case .boolean(let value): self = .boolean(value)
        case .number(let text):
            if let whole = Int64(text) {
                self = .integer(whole)
            } else if let value = Double(text), value.isFinite {
                self = .decimal(value)
            } else {
                self = .string(Identifier(Self.cut(text)))
            }
        case .string(let text):
            self = FieldDate(text).map { .date($0) } ?? .string(Identifier(Self.cut(text)))
        }
    }

    /// A string's first characters, no more than ``longestString`` bytes.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > longestString else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longestString)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    var kind: Kind {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .decimal: .decimal
        case .date: .date
        case .string: .string
        }
    }
}

extension FieldValue: Comparable {
    static func < (a: FieldValue, b: FieldValue) -> Bool {
        switch (a, b) {
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.integer(let a), .integer(let b)): a < b
        case (.decimal(let a), .decimal(let b)): a < b
        case (.date(let a), .date(let b)): (a.start, a.end) < (b.start, b.end)
        case (.string(let a), .string(let b)): a < b
        default: a.kind.rawValue < b.kind.rawValue
        }
    }
}
