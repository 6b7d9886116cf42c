/// One measured figure, printed as `name<TAB>value<TAB>unit`.
public struct Figure: Sendable {
    public let name: String
    public let value: String
    public let unit: String

    public init(_ name: String, _ value: String, unit: String = "-") {
        self.name = name
        self.value = value
        self.unit = unit
    }

    public init(_ name: String, _ value: Double, unit: String) {
        self.init(name, "\(value)", unit: unit)
    }

    public func print() { Swift.print(name, value, unit, separator: "\t") }
}

/// The middle and the mean of many measurements of one thing.
public struct Sample: Sendable {
    private var values: [Double] = []

    public init() {}

    public mutating func add(_ value: Double) { values.append(value) }

    public var median: Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
    public var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    /// Prints "NAME, median" and "NAME, mean".
    public func print(_ name: String, unit: String) {
        Figure("\(name), median", median, unit: unit).print()
        Figure("\(name), mean", mean, unit: unit).print()
    }
}
