import Memory
import Succinct

/// Where sequences stand, and what stands where.
extension FMIndex {
    /// A place in a passage: its index, and the offset of a token in reading order.
    public struct Position: Equatable, Sendable {
        public var document: Int
        public var offset: Int
    }

    /// The symbol before a row's suffix, and the row of the suffix that starts there.
    @inline(__always)
    private func step(from row: Int) -> (code: Int, row: Int) {
        switch transform {
        case .lists(let lists):
            let code = lists.symbols[row]
            // Only a damaged index has codes outside its alphabet.
            guard code < tokenOfCode.count else { return (0, 0) }
            return (code, rows(of: code, ranks: lists.ranks(of: code, in: row..<row + 1).lowerBound, 0).low)
        case .wavelet(let matrix):
            let (code, rank) = matrix.access(row)
            guard code < tokenOfCode.count else { return (0, 0) }
            return (code, rows(of: code, ranks: rank, 0).low)
        }
    }

    /// The symbol before a row's suffix: what follows the sequence there.
    @inline(__always)
    func symbol(before row: Int) -> Int {
        switch transform {
        case .lists(let lists): lists.symbols[row]
        case .wavelet(let matrix): matrix.access(row).symbol
        }
    }

    /// The position of a row's suffix in the text, which is reversed: of the last token of the
    /// sequence that the row belongs to. A walk to the nearest sample; nil only in a damaged index.
    public func textPosition(of row: Int) -> Int? {
        var row = row
        for steps in 0..<PositionSamples.rate {
            guard row >= 0, row < textLength else { return nil }
            if let sample = samples.position(of: row) { return sample + steps }
            row = step(from: row).row
        }
        return nil
    }

    /// Where an occurrence of a sequence of `length` tokens starts: its true span is
    /// `offset ..< offset + length`.
    ///
    /// A sequence that starts with the document end before a passage has offset -1. Nil for the
    /// rows of the closing document end. A walk of up to 32 steps.
    public func locate(row: Int, length: Int) -> Position? {
        // The reversed sequence occupies text[start ..< start + length]; its last token is at
        // `start`, in the same passage as all the others but a leading document end.
        guard let start = textPosition(of: row), start < tokenCount else { return nil }
        let document = documentOfRow.map { $0[row] } ?? self.document(at: start)
        guard document < documentCount else { return nil }
        let end = startOfDocument[document + 1]
        return Position(document: document, offset: end - start - length)
    }

    /// The passage of a text position below ``tokenCount``; O(log passages).
    private func document(at position: Int) -> Int {
        var low = 0
        var high = documentCount
        while low + 1 < high {
            let middle = (low + high) / 2
            if startOfDocument[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }

    /// The passage of an occurrence: one cache line, in a compact index a walk.
    public func document(row: Int) -> Int? {
        if let documentOfRow {
            let document = documentOfRow[row]
            return document < documentCount ? document : nil
        }
        guard let start = textPosition(of: row), start < tokenCount else { return nil }
        return document(at: start)
    }

    /// Visits the passage of every row in order.
    @inline(__always)
    public func forEachDocument(of rows: Rows, _ visit: (Int) -> Void) {
        for row in rows.low..<max(rows.low, rows.high) {
            if let document = document(row: row) { visit(document) }
        }
    }

    /// The distinct passages of `rows` with the number of occurrences in each: count falling,
    /// then passage rising. O(rows).
    public func documents(of rows: Rows, limit: Int = .max) -> [(document: Int, count: Int)] {
        var counts: [Int: Int] = [:]
        forEachDocument(of: rows) { counts[$0, default: 0] += 1 }
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
        append(document, to: &tokens)
    }

    /// Adds a passage's tokens, the document end included, in reading order.
    public func append(_ document: Int, to tokens: inout [Int32]) {
        if let codes {
            // The forward copy has the same passage borders as the reversed text.
            for index in startOfDocument[document]..<startOfDocument[document + 1] {
                let code = codes[index]
                // Only damage puts the sentinel, or codes of no token, into a passage.
                tokens.append(code > 0 && code < tokenOfCode.count ? tokenOfCode[code] : documentEnd)
            }
            return
        }
        var row = rowOfDocument[document]
        for _ in 0..<length(of: document) {
            guard row < textLength else { return }
            let next = step(from: row)
            tokens.append(next.code > 0 ? tokenOfCode[next.code] : documentEnd)
            row = next.row
        }
    }

    /// Visits all tokens of some passages: the passage, the token's offset in reading order, its code, and the row whose
    /// suffix starts with it. Many passages are walked side by side, so that their cache misses overlap.
    func walk(_ documents: [Int], _ visit: (_ document: Int, _ offset: Int, _ code: Int, _ row: Int) -> Void) {
        guard let codes else {
            for document in documents {
                var row = rowOfDocument[document]
                for offset in 0..<length(of: document) {
                    guard row < textLength else { break }
                    let next = step(from: row)
                    visit(document, offset, next.code, next.row)
                    row = next.row
                }
            }
            return
        }
        var next = documents.makeIterator()
        var open: [(document: Int, offset: Int)] = []
        var rows: [Rows] = []
        var tokens: [Int32] = []
        func start() -> Bool {
            guard let document = next.next() else { return false }
            open.append((document, 0))
            rows.append(Rows(low: rowOfDocument[document], high: rowOfDocument[document] + 1))
            return true
        }
        while open.count < Self.walkWidth, start() {}
        while !open.isEmpty {
            tokens.removeAll(keepingCapacity: true)
            for (document, offset) in open {
                let code = codes[startOfDocument[document] + offset]
                tokens.append(code < tokenOfCode.count ? tokenOfCode[code] : documentEnd)
            }
            extend(&rows, by: tokens)
            var kept = 0
            for (place, (document, offset)) in open.enumerated() {
                // Only in a damaged index is there no such row.
                guard !rows[place].isEmpty else { continue }
                visit(document, offset, codes[startOfDocument[document] + offset], rows[place].low)
                guard offset + 1 < length(of: document) else { continue }
                open[kept] = (document, offset + 1)
                rows[kept] = rows[place]
                kept += 1
            }
            open.removeSubrange(kept...)
            rows.removeSubrange(kept...)
            while open.count < Self.walkWidth, start() {}
        }
    }

    /// So many passages are walked side by side.
    private static let walkWidth = 64

    /// A passage's tokens, the document end included, in reading order.
    public func extract(_ document: Int) -> [Int32] {
        var tokens: [Int32] = []
        append(document, to: &tokens)
        return tokens
    }

    /// The tokens of a passage's title and body, without marks and the queries that it carries.
    public func text(of document: Int) -> [Int32] {
        extract(document).prefix { $0 != queryStart }.filter { $0 != documentEnd && $0 != titleEnd }
    }
}
