import Memory
import Succinct

/// Which tokens may follow a sequence.
extension FMIndex {
    /// The tokens that may follow the sequence of `rows`, in rising order, with their counts.
    ///
    /// A fast index reads the symbols of the rows; a compact one visits the distinct symbols only,
    /// each at the price of its levels. The empty sequence costs the alphabet.
    public func continuations(of rows: Rows) -> [Continuation] {
        guard !rows.isEmpty else { return [] }
        if rows == all { return (1..<tokenOfCode.count).map(firstContinuation) }
        switch transform {
        case .lists(let lists):
            let found = lists.symbols.distinct(in: rows.low..<rows.high, alphabet: tokenOfCode.count)
                .filter { $0.symbol > 0 }
            // Where the rows of each longer sequence start: one rank a symbol, all together.
            var starts = Array(repeating: Rows(low: rows.low, high: rows.low), count: found.count)
            ranks(found.map { $0.symbol }, &starts, lists)
            return zip(found, starts).map { item, start in
                return Continuation(
                    token: tokenOfCode[Int(item.symbol)], count: item.count,
                    rows: self.rows(of: Int(item.symbol), ranks: start.low, start.low + item.count))
            }
        case .wavelet(let matrix):
            return resolve(matrix.distinct(in: rows.low..<rows.high))
        }
    }

    /// A token that may follow and how often it does.
    public struct TokenCount: Equatable, Sendable {
        public var token: Int32
        public var count: Int

        static func precedes(_ a: TokenCount, _ b: TokenCount) -> Bool {
            a.count != b.count ? a.count > b.count : a.token < b.token
        }
    }

    /// The `k` most frequent tokens that may follow: count falling, then token rising.
    ///
    /// For very frequent sequences and `k` up to 63 a stored list answers; else a fast index reads
    /// the rows, and a compact one visits the distinct symbols until it has `k`.
    public func topTokens(of rows: Rows, _ k: Int) -> [TokenCount] {
        guard !rows.isEmpty, k > 0 else { return [] }
        guard case .lists(let lists) = transform, rows != all else {
            return topContinuations(of: rows, k).map { TokenCount(token: $0.token, count: $0.count) }
        }
        if let stored = frequent.top(k, of: rows) {
            return stored.compactMap { item in
                guard Int(item.symbol) < tokenOfCode.count else { return nil }
                return TokenCount(token: tokenOfCode[Int(item.symbol)], count: item.count)
            }
        }
        var found: [TokenCount] = []
        for item in lists.symbols.distinct(in: rows.low..<rows.high, alphabet: tokenOfCode.count)
        where item.symbol > 0 {
            // Symbols come in rising order, so that equals keep theirs.
            if found.count == k {
                guard item.count > found[k - 1].count else { continue }
                found.removeLast()
            }
            let new = TokenCount(token: tokenOfCode[Int(item.symbol)], count: item.count)
            var place = found.count
            while place > 0, found[place - 1].count < new.count { place -= 1 }
            found.insert(new, at: place)
        }
        return found
    }

    /// How many occurrences of the sequence of `rows` are followed by a token of a set.
    ///
    /// - Parameter tokens: for each token whether it is in the set; those beyond are not.
    /// - Complexity: O(rows) symbols in a fast index, O(distinct symbols · levels) in a compact one.
    public func count(of rows: Rows, followedBy tokens: [Bool]) -> Int {
        func isIn(_ code: Int) -> Bool {
            guard code > 0, code < tokenOfCode.count else { return false }
            let token = Int(tokenOfCode[code])
            return token >= 0 && token < tokens.count && tokens[token]
        }
        guard !rows.isEmpty else { return 0 }
        switch transform {
        case .lists(let lists):
            return (rows.low..<rows.high).count { isIn(lists.symbols[$0]) }
        case .wavelet(let matrix):
            return matrix.distinct(in: rows.low..<rows.high).reduce(0) { sum, item in
                isIn(Int(item.symbol)) ? sum + item.count : sum
            }
        }
    }

    /// The `k` most frequent tokens that may follow, with the rows they lead to.
    public func topContinuations(of rows: Rows, _ k: Int) -> [Continuation] {
        guard !rows.isEmpty, k > 0 else { return [] }
        if rows == all {
            return Array(
                continuations(of: rows).sorted { ($0.count, $1.token) > ($1.count, $0.token) }.prefix(k))
        }
        switch transform {
        case .wavelet(let matrix):
            // The sentinel follows at most one row, so that one more than k is enough.
            return Array(resolve(matrix.top(k + 1, in: rows.low..<rows.high)).prefix(k))
        case .lists:
            let top = topTokens(of: rows, k)
            var longer = Array(repeating: rows, count: top.count)
            extend(&longer, by: top.map(\.token))
            return zip(top, longer).map { Continuation(token: $0.token, count: $0.count, rows: $1) }
        }
    }

    /// The rank of each symbol at the low end of its rows.
    private func ranks(_ symbols: [UInt32], _ starts: inout [Rows], _ lists: OccurrenceLists) {
        let count = symbols.count
        guard count > 0 else { return }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * count) { ends in
            guard let low = ends.baseAddress else { return }
            for index in 0..<count {
                low[index] = UInt64(starts[index].low)
                // A range wide enough not to be looked through, as its contents do not matter.
                low[count + index] = UInt64(min(textLength, starts[index].low + 64))
            }
            symbols.withUnsafeBufferPointer { lists.ranks(of: $0, low: low, high: low + count) }
            for index in 0..<count { starts[index].low = Int(low[index]) }
        }
    }

    private func firstContinuation(_ code: Int) -> Continuation {
        let rows = bucket(of: code)
        return Continuation(token: tokenOfCode[code], count: rows.count, rows: rows)
    }

    private func resolve(_ occurrences: [WaveletMatrix.Occurrence]) -> [Continuation] {
        occurrences.compactMap { item in
            guard item.symbol > 0, Int(item.symbol) < tokenOfCode.count else { return nil }
            return Continuation(
                token: tokenOfCode[Int(item.symbol)], count: item.count,
                rows: rows(of: Int(item.symbol), ranks: item.rank, item.rank &+ item.count))
        }
    }
}
