/// What each row should predict: a list of tokens with weights, of which most rows have one.
public struct SoftTargets: Sendable, Equatable {
    public private(set) var offsets: [Int] = [0]
    public private(set) var tokens: [Int32] = []
    public private(set) var weights: [Float] = []

    /// Targets of no rows.
    public init() {}

    /// One token of weight one for each row.
    public init(tokens: some Sequence<Int32>) {
        for token in tokens { append(token) }
    }

    /// The number of rows.
    public var count: Int { offsets.count - 1 }

    /// Appends a row with one token.
    public mutating func append(_ token: Int32, weight: Float = 1) {
        append([(token, weight)])
    }

    /// Appends a row; a token may stand in it more than once. Without a token it has no loss.
    public mutating func append(_ row: some Sequence<(token: Int32, weight: Float)>) {
        for (token, weight) in row {
            tokens.append(token)
            weights.append(weight)
        }
        offsets.append(tokens.count)
    }

    /// Where the targets of a row stand.
    subscript(row: Int) -> Range<Int> { offsets[row]..<offsets[row + 1] }

    /// Whether all tokens are in 0..<count.
    func fit(_ count: Int) -> Bool { tokens.allSatisfy { $0 >= 0 && Int($0) < count } }
}
