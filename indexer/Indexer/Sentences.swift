/// Where sentences end: at a stop mark before a space, at an ideographic stop, at a line break.
enum Sentences {
    static func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        var start = text.startIndex
        var index = start
        func close(at end: String.Index) {
            if text[start..<end].contains(where: { $0.isLetter || $0.isNumber }) {
                ranges.append(start..<end)
            }
            start = end
        }
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            switch character {
            case "。", "！", "？", "\n", "\r\n":
                close(at: next)
            case ".", "!", "?":
                if next == text.endIndex || text[next].isWhitespace { close(at: next) }
            default:
                break
            }
            index = next
        }
        close(at: text.endIndex)
        return ranges
    }
}
