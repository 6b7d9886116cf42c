/// Finds the leftmost, then longest, of a few literal tokens in UTF-8 text.
struct TokenMatcher: Sendable {
    struct Match {
        let id: Int32
        /// What the token stands for, with the space that it takes.
        let range: Range<Int>
        /// Where the next token may begin: space after this one is looked at again, so that a
        /// token which begins with space is found there, as in the reference.
        let end: Int
    }

    private let tokens: [AddedTokens.Token]
    private let trie: ByteTrie
    /// For each byte whether a token starts with it.
    private let starts: [Bool]

    init(_ tokens: [(token: AddedTokens.Token, bytes: [UInt8])]) {
        // Of equal tokens the first counts, special ones before others; the trie keeps the last.
        let tokens =
            (tokens.filter(\.token.isSpecial) + tokens.filter { !$0.token.isSpecial }).reversed()
        self.tokens = tokens.map(\.token)
        trie = ByteTrie(
            tokens.enumerated().map { (bytes: $1.bytes[...], number: Int32($0)) })
        var starts = [Bool](repeating: false, count: 256)
        for entry in tokens { if let first = entry.bytes.first { starts[Int(first)] = true } }
        self.starts = starts
    }

    /// The first match at or after `from`; space before it is taken back to `taken` at most.
    func next(_ text: UnsafeBufferPointer<UInt8>, from: Int, taken: Int) -> Match? {
        let end = text.count
        guard !tokens.isEmpty else { return nil }
        var index = from
        while index < end {
            guard starts[Int(text[index])], let (token, last) = candidate(text, index) else {
                index += 1
                continue
            }
            var range = index..<last
            if token.isSingleWord, touchesWord(text, range) {
                index = range.upperBound
                continue
            }
            if token.stripsRight { range = index..<spaceAfter(text, last, end) }
            if token.stripsLeft {
                // Nothing is left of a token in the space that the one before has taken.
                range = min(spaceBefore(text, index, taken), range.upperBound)..<range.upperBound
            }
            return Match(id: token.id, range: range, end: last)
        }
        return nil
    }

    /// The longest token at `index`, and where it ends.
    private func candidate(
        _ text: UnsafeBufferPointer<UInt8>, _ index: Int
    ) -> (token: AddedTokens.Token, end: Int)? {
        var found: (token: AddedTokens.Token, end: Int)?
        trie.forEachPrefix(of: text, from: index) { end, number in
            found = (tokens[Int(number)], end)
        }
        return found
    }

    /// Whether a word goes on before or after the range, added tokens included.
    private func touchesWord(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        if range.lowerBound > 0, isWord(text.scalar(before: range.lowerBound).value) { return true }
        return range.upperBound < text.count && isWord(text.scalar(at: range.upperBound).value)
    }

    private func isWord(_ value: UInt32) -> Bool { CommonSets.word.contains(value) }

    private func isSpace(_ value: UInt32) -> Bool { CommonSets.whitespace.contains(value) }

    private func spaceBefore(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ limit: Int) -> Int {
        var index = index
        guard index > limit else { return max(index, limit) }
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
