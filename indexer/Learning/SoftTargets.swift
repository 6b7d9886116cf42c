/// What each row should predict: a list of tokens with weights, of which most rows have one.
package struct SoftTargets: Sendable, Equatable {
    package private(set) var offsets: [Int] = [0]
    package private(set) var tokens: [Int32] = []
    package private(set) var weights: [Float] = []

    /// Targets of no rows.
    package init() {}

    /// One token of weight one for each row.
    package init(tokens: some Sequence<Int32>) {
        for token in tokens { append(token) }
    }

    /// The number of rows.
    package var count: Int { offsets.count - 1 }

    /// Appends a row with one token.
    package mutating func append(_ token: Int32, weight: Float = 1) {
        append([(token, weight)])
    }

    /// Appends a row; a token may stand in it more than once. Without a token it has no loss.
    package mutating func append(_ row: some Sequence<(token: Int32, weight: Float)>) {
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
