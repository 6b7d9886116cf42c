/// The scores of one decoding step: a row for each beam, each either over the whole vocabulary or
/// over the only tokens that have any probability.
public struct StepScores {
    enum Row {
        /// dense[offset + token] for every token of the vocabulary.
        case dense(offset: Int, count: Int)
        /// tokens[offset + i] has logProbs[offset + i]; all others are impossible.
        case sparse(offset: Int, count: Int)
    }

    private(set) var rows: [Row] = []
    /// The dense rows, and after them what earlier steps left.
    private(set) var dense: [Float] = []
    private var denseCount = 0
    private(set) var tokens: [Int32] = []
    private(set) var logProbs: [Float] = []

    public init() {}

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        denseCount = 0
        tokens.removeAll(keepingCapacity: true)
        logProbs.removeAll(keepingCapacity: true)
    }

    /// Adds a row over the whole vocabulary.
    public mutating func addDense(_ row: some Collection<Float>) {
        addDense(rows: 1, count: row.count) { _ = $0.update(fromContentsOf: row) }
    }

    /// Adds rows over the whole vocabulary, which `fill` writes in full, one after the other.
    public mutating func addDense(
        rows rowCount: Int, count: Int, _ fill: (UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        let start = denseCount
        for row in 0..<rowCount { rows.append(.dense(offset: start + row * count, count: count)) }
        denseCount += rowCount * count
        // Memory that was used before is not cleared again.
        if dense.count < denseCount {
            dense.append(contentsOf: repeatElement(0, count: denseCount - dense.count))
        }
        dense.withUnsafeMutableBufferPointer {
            fill(UnsafeMutableBufferPointer(rebasing: $0[start..<denseCount]))
        }
    }

    /// Adds a row of distinct tokens; every other token is impossible.
    public mutating func addSparse(_ row: some Collection<(token: Int32, logProb: Float)>) {
        rows.append(.sparse(offset: logProbs.count, count: row.count))
        for item in row {
            tokens.append(item.token)
            logProbs.append(item.logProb)
        }
    }

    /// The scores of a sparse row in the order in which they were added; of a dense one, of all tokens.
    public func scores(row: Int) -> ArraySlice<Float> {
        switch rows[row] {
        case .dense(let offset, let count): dense[offset..<offset + count]
        case .sparse(let offset, let count): logProbs[offset..<offset + count]
        }
    }

    /// Changes a token's log-probability in one row; an impossible token stays so.
    mutating func change(_ token: Int32, inRow row: Int, _ body: (Float) -> Float) {
        switch rows[row] {
        case .dense(let offset, let count):
            guard token >= 0, Int(token) < count, dense[offset + Int(token)] > -.infinity else { return }
            dense[offset + Int(token)] = body(dense[offset + Int(token)])
        case .sparse(let offset, let count):
            for slot in offset..<offset + count where tokens[slot] == token {
                logProbs[slot] = body(logProbs[slot])
            }
        }
    }

    /// Makes all tokens of a row impossible but those that `isKept` says.
    public mutating func keep(_ isKept: [Bool], inRow row: Int) {
        switch rows[row] {
        case .dense(let offset, let count):
            for token in 0..<count where token >= isKept.count || !isKept[token] {
                dense[offset + token] = -.infinity
            }
        case .sparse(let offset, let count):
            for slot in offset..<offset + count {
                let token = Int(tokens[slot])
                if token < 0 || token >= isKept.count || !isKept[token] { logProbs[slot] = -.infinity }
            }
        }
    }

    /// Gives a token's score in a row to another token, which loses its own; the first becomes impossible.
    public mutating func move(_ token: Int32, to other: Int32, inRow row: Int) {
        switch rows[row] {
        case .dense(let offset, let count):
            guard token != other, token >= 0, other >= 0, Int(max(token, other)) < count else { return }
            dense[offset + Int(other)] = dense[offset + Int(token)]
            dense[offset + Int(token)] = -.infinity
        case .sparse(let offset, let count):
            guard token != other else { return }
            for slot in offset..<offset + count {
                if tokens[slot] == other { logProbs[slot] = -.infinity }
            }
            for slot in offset..<offset + count where tokens[slot] == token { tokens[slot] = other }
        }
    }

    /// Makes a token impossible in every row.
    mutating func forbid(_ token: Int32) {
        for row in rows.indices { change(token, inRow: row) { _ in -.infinity } }
    }

    /// Makes a token certain in every row.
    mutating func force(_ token: Int32) {
        let count = rows.count
        removeAll()
        for _ in 0..<count { addSparse(CollectionOfOne((token: token, logProb: 0))) }
    }

    /// The number of rows.
    public var count: Int { rows.count }

    /// Visits the tokens of a row that have any probability, with their log-probabilities.
    public func forEachToken(ofRow row: Int, _ visit: (Int32, Float) -> Void) {
        switch rows[row] {
        case .dense(let offset, let count):
            for token in 0..<count where dense[offset + token] > -.infinity {
                visit(Int32(token), dense[offset + token])
            }
        case .sparse(let offset, let count):
            for slot in offset..<offset + count { visit(tokens[slot], logProbs[slot]) }
        }
    }

    /// The log-probability of one token in a row; -infinity where it is impossible.
    public func logProb(of token: Int32, inRow row: Int) -> Float {
        switch rows[row] {
        case .dense(let offset, let count):
            return token >= 0 && Int(token) < count ? dense[offset + Int(token)] : -.infinity
        case .sparse(let offset, let count):
            for slot in offset..<offset + count where tokens[slot] == token { return logProbs[slot] }
            return -.infinity
        }
    }

    /// The log-probabilities of many tokens in a row; O(row + tokens).
    func logProbs(of wanted: [Int32], inRow row: Int) -> [Float] {
        guard case .sparse(let offset, let count) = rows[row], wanted.count > 4, count > 4 else {
            return wanted.map { logProb(of: $0, inRow: row) }
        }
        var known = [Int32: Float](minimumCapacity: count)
        for slot in offset..<offset + count { known[tokens[slot]] = logProbs[slot] }
        return wanted.map { known[$0] ?? -.infinity }
    }
}
