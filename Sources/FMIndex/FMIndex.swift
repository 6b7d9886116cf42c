import Memory
import Succinct

/// A full-text index over the tokens of all passages that answers, for a sequence of tokens, how
/// often it occurs, which token may follow and where it stands (Ferragina, Manzini 2000; used for
/// constrained generation by SEAL, Bevilacqua et al. 2022).
///
/// The text is every passage's tokens **reversed**, passage after passage, one more document end,
/// and the sentinel. In a reversed text a backward search step appends a token on the right of a
/// sequence, and the symbols of the BWT interval are exactly the tokens that may follow. The extra
/// document end makes the start of the last passage reachable through a leading document end,
/// as the starts of all others are.
///
/// Tokens are numbered densely inside (`code`): 0 is the sentinel, then the tokens that occur, in
/// rising order.
///
/// An index has one of two profiles. ``NgramProfile/fast`` holds the BWT as it is with occurrence lists
/// for ranks, the passage of every row, and the tokens; ``NgramProfile/compact`` holds a wavelet matrix
/// and samples, and pays for passages and tokens with walks through it.
public struct FMIndex: Sendable {
    public typealias Profile = NgramProfile

    /// The rows of the suffix array whose suffixes start with a sequence: the state that decoding
    /// carries from token to token.
    public struct Rows: Hashable, Sendable {
        public var low: Int
        public var high: Int

        public init(low: Int, high: Int) {
            self.low = low
            self.high = high
        }

        /// How often the sequence occurs.
        public var count: Int { high - low }
        public var isEmpty: Bool { low >= high }
        static let none = Rows(low: 0, high: 0)
    }

    /// A token that may follow, how often it does, and the rows of the longer sequence.
    public struct Continuation: Equatable, Sendable {
        public var token: Int32
        public var count: Int
        public var rows: Rows
    }

    /// How rows are ranked: by the two kinds of structure over the BWT.
    enum Transform: Sendable {
        case lists(OccurrenceLists)
        case wavelet(WaveletMatrix)
    }

    /// The number of passages.
    public let documentCount: Int
    /// The number of tokens of all passages, their document ends included.
    public let tokenCount: Int
    /// The token that ends every passage.
    public let documentEnd: Int32
    /// The token that ends a title, and a pseudo-query.
    public let titleEnd: Int32
    /// The token before every pseudo-query; nil in an index whose passages carry none.
    public let queryStart: Int32?

    // The text is `tokenCount` tokens, one document end and the sentinel.
    let textLength: Int
    let transform: Transform
    /// cumulative[c]: the rows whose suffix starts with a code below c.
    let cumulative: FrozenArray<UInt64>
    /// tokenOfCode[c]: the token of a code; -1 for the sentinel.
    let tokenOfCode: FrozenArray<Int32>
    /// The code of each token, 0 when it does not occur.
    let codeOfToken: FrozenArray<Int32>
    /// startOfDocument[i]: where passage i starts in the text; one more at the end.
    let startOfDocument: PackedInts
    /// rowOfDocument[i]: the row of the document end after passage i in the text, from where a walk
    /// reads the passage.
    let rowOfDocument: PackedInts
    let samples: PositionSamples
    /// The passage of every row; absent in a compact index.
    let documentOfRow: PackedInts?
    /// The codes of the passages' tokens in reading order; absent in a compact index.
    let codes: SymbolArray?
    let frequent: FrequentContinuations

    public var profile: Profile {
        if case .lists = transform { .fast } else { .compact }
    }

    /// All rows: the empty sequence.
    public var all: Rows { Rows(low: 0, high: textLength) }

    /// The rows of passages' starts: what a sequence that must begin a passage starts from.
    public var documentStarts: Rows { extend(all, by: documentEnd) }

    /// The number of distinct tokens in the passages.
    public var alphabetSize: Int { tokenOfCode.count - 1 }

    /// Every token that occurs is below this number.
    public var vocabularyBound: Int { codeOfToken.count }

    /// The code of a token, nil when it does not occur.
    @inline(__always)
    func code(of token: Int32) -> Int? {
        guard token >= 0, Int(token) < codeOfToken.count else { return nil }
        let code = Int(codeOfToken[Int(token)])
        return code > 0 ? code : nil
    }

    /// The rows of a code: those whose suffix starts with it.
    @inline(__always)
    func bucket(of code: Int) -> Rows {
        Rows(low: Int(cumulative[code]), high: Int(cumulative[code + 1]))
    }

    /// The rows of the sequence of `rows` with `token` appended; empty when it does not occur.
    ///
    /// One backward step: a few cache lines, in a compact index two a level.
    public func extend(_ rows: Rows, by token: Int32) -> Rows {
        guard !rows.isEmpty, let code = code(of: token) else { return .none }
        if rows == all { return bucket(of: code) }
        let ranks =
            switch transform {
            case .lists(let lists): lists.ranks(of: code, in: rows.low..<rows.high)
            case .wavelet(let matrix): matrix.ranks(of: code, in: rows.low..<rows.high)
            }
        return self.rows(of: code, ranks: ranks.lowerBound, ranks.upperBound)
    }

    /// The rows of a code's suffixes between two ranks; inside its bucket even in a damaged index.
    @inline(__always)
    func rows(of code: Int, ranks low: Int, _ high: Int) -> Rows {
        let bucket = bucket(of: code)
        let start = min(bucket.high, bucket.low + max(0, low))
        return Rows(low: start, high: max(start, min(bucket.high, bucket.low + max(0, high))))
    }

    /// Replaces each `rows[i]` by the rows of its sequence with `tokens[i]` appended.
    ///
    /// The steps of all beams are taken together, so that their cache misses overlap: several times
    /// faster than one by one on an index larger than the caches.
    public func extend(_ rows: inout [Rows], by tokens: [Int32]) {
        precondition(rows.count == tokens.count)
        let count = rows.count
        guard count > 0 else { return }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * count) { ends in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * count) { words in
                guard let low = ends.baseAddress, let symbols = words.baseAddress else { return }
                let high = low + count
                let places = symbols + count
                var open = 0
                for index in 0..<count {
                    guard !rows[index].isEmpty, let code = code(of: tokens[index]) else {
                        rows[index] = .none
                        continue
                    }
                    if rows[index] == all {
                        rows[index] = bucket(of: code)
                        continue
                    }
                    low[open] = UInt64(rows[index].low)
                    high[open] = UInt64(rows[index].high)
                    symbols[open] = UInt32(code)
                    places[open] = UInt32(index)
                    open += 1
                }
                let codes = UnsafeBufferPointer(start: symbols, count: open)
                switch transform {
                case .lists(let lists): lists.ranks(of: codes, low: low, high: high)
                case .wavelet(let matrix): matrix.ranks(of: codes, low: low, high: high)
                }
                for item in 0..<open {
                    rows[Int(places[item])] = self.rows(
                        of: Int(symbols[item]), ranks: Int(truncatingIfNeeded: low[item]),
                        Int(truncatingIfNeeded: high[item]))
                }
            }
        }
    }

    /// The rows of a whole sequence.
    public func rows(of tokens: some Sequence<Int32>) -> Rows {
        var rows = all
        for token in tokens {
            rows = extend(rows, by: token)
            if rows.isEmpty { break }
        }
        return rows
    }

    /// The rows of many sequences, each step of all together.
    public func rows(of sequences: [[Int32]]) -> [Rows] {
        var result = Array(repeating: all, count: sequences.count)
        var length = 0
        while true {
            let open = sequences.indices.filter { sequences[$0].count > length && !result[$0].isEmpty }
            if open.isEmpty { return result }
            var rows = open.map { result[$0] }
            extend(&rows, by: open.map { sequences[$0][length] })
            for (place, rows) in zip(open, rows) { result[place] = rows }
            length += 1
        }
    }

    /// How often a sequence occurs.
    public func count(of tokens: some Sequence<Int32>) -> Int {
        max(0, rows(of: tokens).count)
    }

    /// How often a token occurs; O(1).
    public func count(ofToken token: Int32) -> Int {
        code(of: token).map { bucket(of: $0).count } ?? 0
    }
}
