/// Finds the leftmost, then longest, of a few literal tokens in UTF-8 text.
struct TokenMatcher: Sendable {
    struct Match {
        let id: Int32
        let range: Range<Int>
    }

    private let tokens: [(token: AddedTokens.Token, bytes: [UInt8])]
    /// For each byte whether a token starts with it.
    private let starts: [Bool]

    init(_ tokens: [(AddedTokens.Token, [UInt8])]) {
        // Longest first, so that the first that fits is the longest.
        self.tokens = tokens.filter { !$0.1.isEmpty }
            .sorted { $0.1.count > $1.1.count }
            .map { (token: $0.0, bytes: $0.1) }
        var starts = [Bool](repeating: false, count: 256)
        for entry in self.tokens { starts[Int(entry.bytes[0])] = true }
        self.starts = starts
    }

    /// The first match at or after `from` that ends by `end`.
    func next(_ text: UnsafeBufferPointer<UInt8>, from: Int, end: Int) -> Match? {
        guard !tokens.isEmpty else { return nil }
        var index = from
        while index < end {
            guard starts[Int(text[index])], let found = candidate(text, index, end) else {
                index += 1
                continue
            }
            let token = found.token
            var range = index..<index + found.bytes.count
            if token.isSingleWord, touchesWord(text, range, from: from, end: end) {
                index = range.upperBound
                continue
            }
            if token.stripsLeft { range = spaceBefore(text, range.lowerBound, from)..<range.upperBound }
            if token.stripsRight { range = range.lowerBound..<spaceAfter(text, range.upperBound, end) }
            return Match(id: token.id, range: range)
        }
        return nil
    }

    private func candidate(
        _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
    ) -> (token: AddedTokens.Token, bytes: [UInt8])? {
        tokens.first { entry in
            index + entry.bytes.count <= end
                && entry.bytes.indices.allSatisfy { text[index + $0] == entry.bytes[$0] }
        }
    }

    private func touchesWord(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, from: Int, end: Int
    ) -> Bool {
        if range.lowerBound > from, isWord(text.scalar(before: range.lowerBound).value) { return true }
        return range.upperBound < end && isWord(text.scalar(at: range.upperBound).value)
    }

    private func isWord(_ value: UInt32) -> Bool {
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }

    private func isSpace(_ value: UInt32) -> Bool {
        Unicode.Scalar(value)?.properties.isWhitespace ?? false
    }

    private func spaceBefore(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ limit: Int) -> Int {
        var index = index
        while index > limit {
            let (value, length) = text.scalar(before: index)
            guard isSpace(value) else { break }
            index -= length
        }
        return index
    }

    private func spaceAfter(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ limit: Int) -> Int {
        var index = index
        while index < limit {
            let (value, length) = text.scalar(at: index)
            guard isSpace(value) else { break }
            index += length
        }
        return index
    }
}
