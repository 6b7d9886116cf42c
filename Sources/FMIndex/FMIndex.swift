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
/// rising order, so that the wavelet matrix has as many levels as the real alphabet needs.
public struct FMIndex: Sendable {
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
    }

    /// A token that may follow, how often it does, and the rows of the longer sequence.
    public struct Continuation: Equatable, Sendable {
        public var token: Int32
        public var count: Int
        public var rows: Rows
    }

    /// The number of passages.
    public let documentCount: Int
    /// The number of tokens of all passages, their document ends included.
    public let tokenCount: Int
    /// The token that ends every passage.
    public let documentEnd: Int32
    /// The token that ends a title.
    public let titleEnd: Int32

    // The text is `tokenCount` tokens, one document end and the sentinel.
    let textLength: Int
    let bwt: WaveletMatrix
    /// cumulative[c]: the rows whose suffix starts with a code below c.
    let cumulative: FrozenArray<UInt64>
    /// The token of each code above 0.
    let tokenOfCode: FrozenArray<Int32>
    /// The code of each token, 0 when it does not occur.
    let codeOfToken: FrozenArray<Int32>
    let suffixes: PackedInts
    /// A one where a passage's reversed tokens start in the text.
    let starts: RankBitVector
    /// startOfDocument[i]: where passage i starts in the text; one more at the end.
    let startOfDocument: PackedInts
    /// The codes of the passages' tokens in reading order.
    let codes: PackedInts

    /// All rows: the empty sequence.
    public var all: Rows { Rows(low: 0, high: textLength) }

    /// The rows of passages' starts: what a sequence that must begin a passage starts from.
    public var documentStarts: Rows { extend(all, by: documentEnd) }

    /// The number of distinct tokens in the passages.
    public var alphabetSize: Int { tokenOfCode.count }

    /// Every token that occurs is below this number.
    public var vocabularyBound: Int { codeOfToken.count }

    /// The rows of the sequence of `rows` with `token` appended; empty when it does not occur.
    ///
    /// One backward step: O(log alphabet), two cache lines a level.
    public func extend(_ rows: Rows, by token: Int32) -> Rows {
        guard !rows.isEmpty, token >= 0, Int(token) < codeOfToken.count else { return Rows(low: 0, high: 0) }
        let code = codeOfToken[Int(token)]
        guard code > 0 else { return Rows(low: 0, high: 0) }
        let ranks = bwt.ranks(of: code, in: rows.low..<rows.high)
        let base = Int(cumulative[Int(code)])
        return Rows(low: base + ranks.lowerBound, high: base + ranks.upperBound)
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

    /// How often a sequence occurs.
    public func count(of tokens: some Sequence<Int32>) -> Int {
        rows(of: tokens).count
    }

    /// How often a token occurs; O(1).
    public func count(ofToken token: Int32) -> Int {
        guard token >= 0, Int(token) < codeOfToken.count else { return 0 }
        let code = Int(codeOfToken[Int(token)])
        return code == 0 ? 0 : Int(cumulative[code + 1] - cumulative[code])
    }

    /// The tokens that may follow the sequence of `rows`, in rising order.
    ///
    /// O(distinct tokens × log alphabet).
    public func continuations(of rows: Rows) -> [Continuation] {
        resolve(bwt.distinct(in: rows.low..<rows.high))
    }

    /// The `k` most frequent tokens that may follow: count falling, then token rising.
    public func topContinuations(of rows: Rows, _ k: Int) -> [Continuation] {
        // The sentinel follows at most one row, so that one more than k is enough.
        Array(resolve(bwt.top(k + 1, in: rows.low..<rows.high)).prefix(k))
    }

    private func resolve(_ occurrences: [WaveletMatrix.Occurrence]) -> [Continuation] {
        occurrences.compactMap { item in
            guard item.symbol > 0 else { return nil }
            let low = Int(cumulative[Int(item.symbol)]) + item.rank
            return Continuation(
                token: tokenOfCode[Int(item.symbol) - 1], count: item.count,
                rows: Rows(low: low, high: low + item.count))
        }
    }
}
