import Charts
import Storage

/// The numbers of a figure: what stands under it, in its CSV and in its Vega-Lite specification.
package struct FigureTable: Sendable, Hashable {
    /// How the numbers of a column are written on the page.
    package enum Format: Sendable, Hashable {
        case text
        case count
        case fixed(Int)
        case significant(Int)
        /// A p value: `< .001` below a thousandth.
        case probability
        case bytes
    }

    package struct Column: Sendable, Hashable {
        package let name: String
        package let format: Format

        package init(_ name: String, _ format: Format) {
            self.name = name
            self.format = format
        }
    }

    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Double)
        case none

        package static func count(_ value: Int) -> Value { .number(Double(value)) }
        package static func optional(_ value: Double?) -> Value { value.map { .number($0) } ?? .none }
    }

    package let columns: [Column]
    package var rows: [[Value]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    /// A value as a reader sees it.
    package func shown(_ value: Value, column: Int) -> String {
        switch value {
        case .text(let text): return text
        case .none: return ""
        case .number(let number):
            switch columns[column].format {
            case .count: return Self.grouped(number)
            case .fixed(let decimals): return ChartNumber.fixed(number, decimals)
            case .text, .significant: return ChartNumber.significant(number, digits(column))
            case .probability: return number < 0.001 ? "< 0.001" : ChartNumber.fixed(number, 3)
            case .bytes: return ByteCount.text(number)
            }
        }
    }

    private func digits(_ column: Int) -> Int {
        if case .significant(let digits) = columns[column].format { digits } else { 6 }
    }

    /// The rows as RFC 4180 has them, with a line of names.
    package var csv: String {
        let lines = [columns.map { Self.quoted($0.name) }] + rows.map { $0.map { Self.quoted(Self.plain($0)) } }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// The rows as objects.
    var json: JSONValue {
        .array(
            rows.map { row in
                .object(
                    zip(columns, row).compactMap { column, value -> JSONValue.Member? in
                        switch value {
                        case .text(let text): JSONValue.Member(column.name, .string(text))
                        case .number(let number): JSONValue.Member(column.name, Self.rounded(number))
                        case .none: nil
                        }
                    })
            })
    }

    private static func plain(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): number.isFinite ? ChartNumber.significant(number, 8) : ""
        case .none: ""
        }
    }

    private static func rounded(_ number: Double) -> JSONValue {
        Double(ChartNumber.significant(number, 8)).map { .number($0) } ?? .null
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// A whole number with a narrow space between thousands.
    private static func grouped(_ number: Double) -> String {
        let digits = ChartNumber.fixed(number, 0)
        guard digits.count > 4 else { return digits }
        var output = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { output += "\u{202F}" }
            output.append(digit)
        }
        return output
    }
}
