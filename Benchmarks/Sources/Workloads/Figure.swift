/// One measured figure, printed as `name<TAB>value<TAB>unit`.
package struct Figure: Sendable {
    package let name: String
    package let value: String
    package let unit: String

    package init(_ name: String, _ value: String, unit: String = "-") {
        self.name = name
        self.value = value
        self.unit = unit
    }

    package init(_ name: String, _ value: Double, unit: String) {
        self.init(name, "\(value)", unit: unit)
    }

    package func print() { Swift.print(name, value, unit, separator: "\t") }
}

/// The middle and the mean of many measurements of one thing.
package struct Sample: Sendable {
    private var values: [Double] = []

    package init() {}

    package mutating func add(_ value: Double) { values.append(value) }

    package var median: Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
    package var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    /// Prints "NAME, median" and "NAME, mean".
    package func print(_ name: String, unit: String) {
        Figure("\(name), median", median, unit: unit).print()
        Figure("\(name), mean", mean, unit: unit).print()
    }
}
