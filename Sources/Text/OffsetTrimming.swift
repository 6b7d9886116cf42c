/// Takes the spaces at the ends of byte-level tokens out of their offsets.
struct OffsetTrimming: Sendable {
    /// Whether a single space before the first token is one that was put there.
    let keepsPrefixSpace: Bool
    /// How many special tokens stood before the text when this ran.
    let tokensBefore: Int

    /// Spaces at the start and at the end of a token's spelling.
    struct Spaces {
        var leading = 0
        var trailing = 0

        init(of token: some BidirectionalCollection<Unicode.Scalar>) {
            leading = token.prefix(while: Spaces.isSpace).count
            guard leading > 0 || token.last.map(Spaces.isSpace) ?? false else { return }
            trailing = token.reversed().prefix(while: Spaces.isSpace).count
        }

        init(leading: Int, trailing: Int) {
            self.leading = leading
            self.trailing = trailing
        }

        private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == ByteLevelAlphabet.space || scalar.properties.isWhitespace
        }
    }

    /// The range without the spaces; `index` is the token's place among those of the text.
    func trim(
        _ range: Range<Int>, _ spaces: Spaces, index: Int, _ text: UnsafeBufferPointer<UInt8>
    ) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        let isFirst = index + tokensBefore == 0 || start == 0
        if spaces.leading > 0, !(isFirst && keepsPrefixSpace && spaces.leading == 1) {
            // One character of the text for each, as the reference counts.
            for _ in 0..<spaces.leading where start < end { start += text.length(at: start) }
        }
        if spaces.trailing > 0 {
            var left = spaces.trailing
            var place = end
            while left > 0, place > 0 {
                place -= text.scalar(before: place).length
                left -= 1
            }
            if left == 0 { end = max(place, start) }
        }
        return start..<max(start, end)
    }
}
