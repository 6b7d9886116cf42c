/// A number with its name, as a row of a table or a member of a report.
package struct Figure: Sendable, Hashable {
    package let name: String
    /// Nil where there is nothing to take a mean of.
    package let value: Double?
    /// Whether it counts something, and is written without decimals.
    package let isCount: Bool

    init(_ name: String, _ value: Double?) {
        self.name = name
        self.value = value
        isCount = false
    }

    init(_ name: String, meanOf values: [Double]) {
        self.init(name, values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
    }

    package init(_ name: String, count: Int) {
        self.name = name
        value = Double(count)
        isCount = true
    }

    package var text: String {
        guard let value else { return "-" }
        return isCount ? "\(Int(value))" : FixedNumber.text(value)
    }

    /// A row a figure, a column a run.
    package static func table(_ columns: [(tag: String, figures: [Figure])]) -> String {
        let names = columns.first?.figures.map(\.name) ?? []
        return AlignedTable.text(
            [[""] + columns.map(\.tag)]
                + names.indices.map { row in
                    [names[row]] + columns.map { $0.figures[row].text }
                })
    }
}
