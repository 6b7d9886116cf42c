/// What is asked of the fields of passages: `year >= 2020 and lang in (de, fr) and not draft`.
///
/// A condition is one of
/// - `field = value`, and `!=`, `<`, `<=`, `>`, `>=`;
/// - `field in (value, …)` and `field not in (value, …)`;
/// - `field like 'pattern'` and `field not like 'pattern'`, where `%` stands for any characters and `_` for one;
/// - `field is null` and `field is not null`;
/// - `field` alone: it is true;
///
/// joined by `and`, `or`, `not` and parentheses. Words are those of SQL, in any case. Names with other characters than
/// letters, digits and `_ . - @ $ /` stand in quotes, and so may any value, single or double.
///
/// A value without quotes is what it looks like: a number, true or false, a date, else text. A date stands for its whole
/// day, month or moment: `published <= 2026-05` holds for all of May. A list has each of its values; a passage without
/// the field has none, and every comparison with it is false. `!=`, `not in` and `not like` hold where the condition
/// without `not` does not, so also for a passage without the field.
public struct FieldFilter: Sendable {
    /// As it was written.
    public let text: String
    let condition: FieldCondition

    /// - Throws: ``FieldFilterError`` where the text is no filter.
    public init(_ text: String) throws(FieldFilterError) {
        self.text = text
        var parser = try FieldFilterParser(text)
        condition = try parser.filter()
    }

    /// The names of all fields that it asks of.
    public var names: Set<String> { condition.names }
}

extension FieldFilter: Hashable {
    public static func == (a: FieldFilter, b: FieldFilter) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension FieldFilter: CustomStringConvertible {
    public var description: String { text }
}

/// Why a text is no filter.
public struct FieldFilterError: Error, Hashable, Sendable {
    /// The filter's text.
    public let text: String
    /// Where the fault is, in characters from 1; nil where the whole is at fault.
    public let column: Int?
    public let reason: String
}

extension FieldFilterError: CustomStringConvertible {
    public var description: String {
        let place = column.map { " at column \($0)" } ?? ""
        return "the filter \"\(text.prefix(200))\"\(place): \(reason)"
    }
}

/// A filter, taken apart.
indirect enum FieldCondition: Sendable {
    case all([FieldCondition])
    case any([FieldCondition])
    case not(FieldCondition)
    case compare(String, Comparison, FieldLiteral)
    case oneOf(String, [FieldLiteral])
    case like(String, String)
    case isPresent(String)

    enum Comparison: String, Sendable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "="
        case greaterOrEqual = ">="
        case greater = ">"
    }

    var names: Set<String> {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
        case .not(let part): part.names
        case .compare(let name, _, _), .oneOf(let name, _), .like(let name, _), .isPresent(let name): [name]
        }
    }
}

/// A value in a filter, with all that it may stand for.
struct FieldLiteral: Sendable {
    let text: String
    var boolean: Bool?
    var integer: Int64?
    var decimal: Double?
    var date: FieldDate?
    /// Whether it is compared as text, too.
    var isText: Bool

    init(_ text: String, isQuoted: Bool) {
        self.text = FieldValue.cut(text)
        date = FieldDate(text, allowsMonths: true)
        isText = isQuoted || date == nil
        guard !isQuoted else { return }
        boolean = ["true": true, "false": false][text.lowercased()]
        integer = Int64(text)
        decimal = Self.number(text).flatMap { $0.isFinite ? $0 : nil }
        if decimal != nil { isText = false }
        if let integer { date = date ?? FieldDate(year: integer) }
    }

    /// The number that a text is; what Swift takes for numbers besides, such as "nan" and "0x1p3", is none.
    static func number(_ text: String) -> Double? {
        text.utf8.allSatisfy { 0x30...0x39 ~= $0 || "+-.eE".utf8.contains($0) } ? Double(text) : nil
    }
}
