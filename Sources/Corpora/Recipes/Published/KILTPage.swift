/// A page of KILT's knowledge source: a list of paragraphs, of which the first is the title and some are headings.
struct KILTPage {
    /// A stretch of a page's text: paragraphs, and characters (Unicode scalars, as KILT counts) in the first and the last.
    struct Stretch {
        var first: (paragraph: Int, character: Int)
        var last: (paragraph: Int, character: Int)

        func overlaps(_ other: Stretch) -> Bool { first <= other.last && other.first <= last }
    }

    struct CutPassage {
        let passage: Passage
        let stretch: Stretch
    }

    private static let members = JSONLineReader(members: ["wikipedia_id", "_id", "wikipedia_title", "text"])
    private static let heading = "Section::::"
    private static let bullet = "BULLET::::"

    let id: String
    let title: String
    let paragraphs: [String]

    init(_ line: UnsafeRawBufferPointer) throws(LineFault) {
        let record = try JSONRecord(line, Self.members)
        id = try record.id(record.text(0) == nil ? 1 : 0, named: "wikipedia_id")
        title = try record.text(2, named: "wikipedia_title")
        guard record.raw(3) != nil else { throw LineFault("missing \"text\", expected a list of paragraphs") }
        paragraphs = try record.texts(3, named: "text")
    }

    /// The page in passages of so many words, or of a paragraph each; headings and the title, which stands before all, are no text.
    ///
    /// Paragraphs of a section follow each other in a passage; a new section begins a new one. A passage's id is the page's, `#` and
    /// its number, and its fields say which page and which of its paragraphs it has.
    func passages(words limit: Int?) -> [CutPassage] {
        var cut: [CutPassage] = []
        var text = ""
        var bytes: [UInt8] = []
        JSONEscapes.append(id, to: &bytes)
        let quoted = String(decoding: bytes, as: UTF8.self)
        var (count, stretch) = (0, Stretch(first: (0, 0), last: (0, 0)))
        func close() {
            guard count > 0 else { return }
            let fields = "{\"page\":\(quoted),\"paragraphs\":[\(stretch.first.paragraph),\(stretch.last.paragraph)]}"
            let passage = Passage(id: "\(id)#\(cut.count + 1)", title: title, text: text, fields: fields)
            cut.append(CutPassage(passage: passage, stretch: stretch))
            (text, count) = ("", 0)
        }
        for (number, paragraph) in paragraphs.enumerated().dropFirst() {
            if paragraph.hasPrefix(Self.heading) || limit == nil { close() }
            if paragraph.hasPrefix(Self.heading) { continue }
            for word in Self.words(of: paragraph) {
                if let limit, count == limit { close() }
                if count == 0 { stretch.first = (number, word.start) }
                stretch.last = (number, word.start + word.text.unicodeScalars.count - 1)
                if count > 0 { text += " " }
                text += word.text
                count += 1
            }
        }
        close()
        return cut
    }

    /// The words of a paragraph, with the characters before them.
    private static func words(of paragraph: String) -> [(start: Int, text: Substring)] {
        let scalars = paragraph.unicodeScalars
        var words: [(Int, Substring)] = []
        var start: (index: String.Index, offset: Int)?
        var (index, offset) = (scalars.startIndex, 0)
        if paragraph.hasPrefix(bullet) {
            index = scalars.index(index, offsetBy: bullet.unicodeScalars.count)
            offset = bullet.unicodeScalars.count
        }
        while index < scalars.endIndex {
            if scalars[index].properties.isWhitespace {
                if let begun = start { words.append((begun.offset, paragraph[begun.index..<index])) }
                start = nil
            } else if start == nil {
                start = (index, offset)
            }
            index = scalars.index(after: index)
            offset += 1
        }
        if let begun = start { words.append((begun.offset, paragraph[begun.index...])) }
        return words
    }
}
