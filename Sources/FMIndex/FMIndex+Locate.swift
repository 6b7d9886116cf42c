/// Where sequences stand, and what stands where.
extension FMIndex {
    /// A place in a passage: its index, and the offset of a token in reading order.
    public struct Position: Equatable, Sendable {
        public var document: Int
        public var offset: Int
    }

    /// Where an occurrence of a sequence of `length` tokens starts: its true span is
    /// `offset ..< offset + length`.
    ///
    /// A sequence that starts with the document end before a passage has offset -1. Nil for the
    /// rows of the closing document end. O(1).
    public func locate(row: Int, length: Int) -> Position? {
        // The reversed sequence occupies text[start ..< start + length]; its last token is at
        // `start`, in the same passage as all the others but a leading document end.
        let start = suffixes[row]
        guard start < tokenCount else { return nil }
        let document = starts.rank(start + 1) - 1
        let end = startOfDocument[document + 1]
        return Position(document: document, offset: end - start - length)
    }

    /// The passage of an occurrence.
    public func document(row: Int) -> Int? {
        let start = suffixes[row]
        return start < tokenCount ? starts.rank(start + 1) - 1 : nil
    }

    /// The distinct passages of `rows` with the number of occurrences in each: count falling,
    /// then passage rising. O(rows).
    public func documents(of rows: Rows, limit: Int = .max) -> [(document: Int, count: Int)] {
        var counts: [Int: Int] = [:]
        for row in rows.low..<max(rows.low, rows.high) {
            if let document = document(row: row) { counts[document, default: 0] += 1 }
        }
        let order = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        return order.prefix(limit).map { (document: $0.key, count: $0.value) }
    }

    /// The number of tokens of a passage, its document end included.
    public func length(of document: Int) -> Int {
        startOfDocument[document + 1] - startOfDocument[document]
    }

    /// Copies a passage's tokens, the document end included, in reading order.
    public func extract(_ document: Int, into tokens: inout [Int32]) {
        tokens.removeAll(keepingCapacity: true)
        // The forward copy has the same passage borders as the reversed text.
        for index in startOfDocument[document]..<startOfDocument[document + 1] {
            tokens.append(tokenOfCode[codes[index] - 1])
        }
    }

    /// A passage's tokens, the document end included, in reading order.
    public func extract(_ document: Int) -> [Int32] {
        var tokens: [Int32] = []
        extract(document, into: &tokens)
        return tokens
    }
}
