/// A text and the words it has been cut into so far; buffers are kept from text to text.
struct CutText {
    private(set) var text = NormalizedText()
    /// Ranges of the text's bytes, none of them empty.
    private(set) var words: [Range<Int>] = []
    private var nextText = NormalizedText()
    private var nextWords: [Range<Int>] = []
    private var scratch = Pattern.Scratch()

    init() {}

    /// Starts with a whole text, one word; `other` is left with the buffers of the last one.
    mutating func take(_ other: inout NormalizedText) {
        swap(&text, &other)
        words.removeAll(keepingCapacity: true)
        if text.count > 0 { words.append(0..<text.count) }
    }

    /// Starts with a part of a text.
    mutating func take(_ other: borrowing NormalizedText, _ range: Range<Int>) {
        text.assign(other, range)
        words.removeAll(keepingCapacity: true)
        if !range.isEmpty { words.append(0..<range.count) }
    }

    /// Cuts every word; `cut` appends the ranges that remain of one, and may append empty ones.
    mutating func cut(
        _ cut: (UnsafeBufferPointer<UInt8>, Range<Int>, inout [Range<Int>]) -> Void
    ) {
        var next = takeNextWords()
        text.bytes.withUnsafeBufferPointer { bytes in
            for word in words { cut(bytes, word, &next) }
        }
        replaceWords(with: next)
    }

    /// Cuts every word where a pattern matches; `isInverted` keeps what lies between instead.
    mutating func cut(at pattern: Pattern, _ behavior: DelimiterBehavior, isInverted: Bool) {
        var next = takeNextWords()
        var scratch = Pattern.Scratch()
        swap(&scratch, &self.scratch)
        text.bytes.withUnsafeBufferPointer { bytes in
            for word in words {
                var cutter = DelimiterCutter(behavior)
                var last = word.lowerBound
                let part = UnsafeBufferPointer(rebasing: bytes[word])
                pattern.forEachMatch(in: part, &scratch) { match in
                    let start = word.lowerBound + match.lowerBound
                    if last != start { cutter.add(last..<start, isInverted, &next) }
                    last = word.lowerBound + match.upperBound
                    cutter.add(start..<last, !isInverted, &next)
                }
                if last != word.upperBound {
                    cutter.add(last..<word.upperBound, isInverted, &next)
                }
                cutter.finish(&next)
            }
        }
        swap(&scratch, &self.scratch)
        replaceWords(with: next)
    }

    /// Cuts every word at the scalars of a set, each by itself.
    mutating func cut(at set: ScalarSet, _ behavior: DelimiterBehavior) {
        let set = set.view
        cut { bytes, word, words in
            var cutter = DelimiterCutter(behavior)
            var last = word.lowerBound
            var index = last
            while index < word.upperBound {
                let (scalar, length) = bytes.scalar(at: index)
                if set.contains(scalar) {
                    if last < index { cutter.add(last..<index, false, &words) }
                    last = index + length
                    cutter.add(index..<last, true, &words)
                }
                index += length
            }
            if last < word.upperBound { cutter.add(last..<word.upperBound, false, &words) }
            cutter.finish(&words)
        }
    }

    /// Rewrites the text word by word; `rewrite` appends to the new text what a word becomes,
    /// with spans of the bytes it is given, and gets whether the word begins the original text.
    mutating func rewrite(
        _ rewrite: (UnsafeBufferPointer<UInt8>, Range<Int>, Bool, inout NormalizedText) -> Void
    ) {
        var next = takeNextWords()
        var output = NormalizedText()
        swap(&output, &nextText)
        output.removeAll()
        output.reserve(text.count + text.count / 2)
        text.bytes.withUnsafeBufferPointer { bytes in
            for word in words {
                let start = output.count
                rewrite(bytes, word, text.originalStart(at: word.lowerBound) == 0, &output)
                if start < output.count { next.append(start..<output.count) }
            }
        }
        output.compose(over: text)
        swap(&output, &text)
        swap(&output, &nextText)
        replaceWords(with: next)
    }

    // Buffers move out while closures fill them.

    private mutating func takeNextWords() -> [Range<Int>] {
        var next: [Range<Int>] = []
        swap(&next, &nextWords)
        next.removeAll(keepingCapacity: true)
        return next
    }

    private mutating func replaceWords(with next: consuming [Range<Int>]) {
        // Seldom needed, and slow.
        if next.contains(where: { $0.isEmpty }) { next.removeAll { $0.isEmpty } }
        nextWords = words
        words = next
    }
}
