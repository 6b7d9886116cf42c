/// Cuts the paragraphs of a section into passages of about as many words.
///
/// Paragraphs are kept whole and put together while they fit. One that is too long is taken sentence by sentence, and a sentence
/// that is too long word by word. The last passage is joined to the one before it where it would be short.
struct SectionCutter {
    /// A passage of fewer words is gone on with, even where it then becomes longer than is usual.
    static let least = 40
    /// As long as a passage becomes where paragraphs are put together.
    static let usual = 130
    /// As long as it becomes at all.
    static let most = 180

    static func passages(_ paragraphs: [String]) -> [String] {
        var passages: [(text: String, words: Int)] = []
        var isOpen = false
        for (text, words) in paragraphs.flatMap(pieces) {
            if isOpen, let held = passages.last,
                held.words + words <= (held.words < least ? most : usual)
            {
                passages[passages.count - 1] = join(held, (text, words))
            } else {
                passages.append((text, words))
            }
            isOpen = true
        }
        if passages.count > 1, let last = passages.last, last.words < least {
            let before = passages[passages.count - 2]
            if before.words + last.words <= most {
                passages.removeLast(2)
                passages.append(join(before, last))
            }
        }
        return passages.map(\.text)
    }

    private static func join(_ one: (text: String, words: Int), _ two: (text: String, words: Int)) -> (
        text: String, words: Int
    ) {
        (one.text + " " + two.text, one.words + two.words)
    }

    /// A paragraph, or its sentences where it is too long for a passage.
    private static func pieces(_ paragraph: String) -> [(text: String, words: Int)] {
        let count = WhiteSpace.wordCount(paragraph)
        guard count > most else { return [(paragraph, count)] }
        return Sentences.ranges(in: paragraph).flatMap { range -> [(text: String, words: Int)] in
            let words = WhiteSpace.words(of: paragraph[range])
            return stride(from: 0, to: words.count, by: usual).map { start in
                let some = words[start..<min(start + usual, words.count)]
                return (some.joined(separator: " "), some.count)
            }
        }
    }
}
