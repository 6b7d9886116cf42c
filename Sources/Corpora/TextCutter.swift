/// Cuts one text or Markdown file into passages.
///
/// Paragraphs are put together while they fit and are kept whole; a heading begins a new passage. A
/// paragraph that is too long alone is cut, at the end of a sentence where one is near, and only
/// there the passages overlap: between paragraphs nothing would be cut apart.
final class TextCutter {
    /// Paragraphs that are longer are cut as they come, so that memory stays bounded.
    private static let longestParagraph = 1 << 20

    private(set) var line = 0
    var bytesRead: Int { lines.bytesRead }
    private let lines: LineReader
    private let options: CorpusOptions
    private let idStem: String
    private var headings: HeadingTracker
    private var paragraph = ""
    private var held: [String] = []
    private var heldWords = 0
    private var ready: [Passage] = []
    private var readyIndex = 0
    private var number = 0
    private var isOver = false

    init(lines: LineReader, name: String, options: CorpusOptions) {
        self.lines = lines
        self.options = options
        idStem = Self.identifier(from: name)
        headings = HeadingTracker(fileName: name)
    }

    /// A path as an identifier: run files separate their columns by white space.
    private static func identifier(from name: String) -> String {
        var id = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "%": id += "%25"
            case _ where scalar.properties.isWhitespace:
                for byte in String(scalar).utf8 {
                    id += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
                }
            default: id.unicodeScalars.append(scalar)
            }
        }
        return id
    }

    /// The next passage or bad line, or nil at the end of the file.
    func next() throws(CorpusError) -> RecordOutcome<Passage>? {
        while true {
            if readyIndex < ready.count {
                defer { readyIndex += 1 }
                return .value(ready[readyIndex])
            }
            ready.removeAll(keepingCapacity: true)
            readyIndex = 0
            if isOver { return nil }
            guard let bytes = try lines.next() else {
                isOver = true
                endParagraph()
                emitHeld()
                continue
            }
            line = lines.line
            guard !bytes.contains(0) else {
                isOver = true
                endParagraph()
                emitHeld()
                return .fault(LineFault("not a text file, the rest of it is left out"))
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .fault(LineFault("invalid UTF-8"))
            }
            take(text)
        }
    }

    private func take(_ text: String) {
        switch headings.kind(of: text, after: paragraph) {
        case .heading(let heading):
            endParagraph()
            emitHeld()
            headings.enter(heading)
        case .underline:
            let heading = paragraph
            paragraph = ""
            emitHeld()
            headings.enter(heading)
        case .blank: endParagraph()
        case .text:
            let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            paragraph += paragraph.isEmpty ? words : " " + words
            if paragraph.utf8.count > Self.longestParagraph { endParagraph() }
        }
    }

    private func endParagraph() {
        guard !paragraph.isEmpty else { return }
        let spans = WordSpans(paragraph)
        if spans.count <= options.passageWords {
            if heldWords + spans.count > options.passageWords { emitHeld() }
            held.append(paragraph)
            heldWords += spans.count
        } else {
            emitHeld()
            for piece in cut(paragraph, spans.spans) { emit(piece) }
        }
        paragraph = ""
    }

    private func cut(_ text: String, _ spans: [Range<String.Index>]) -> [String] {
        var pieces: [String] = []
        var start = 0
        while true {
            let limit = min(start + options.passageWords, spans.count)
            var stop = limit
            if limit < spans.count {
                // A sentence end in the last third is worth a shorter passage, as long as the next
                // piece still moves on.
                let lowest = max(start + options.passageWords * 2 / 3, start + options.overlapWords + 1)
                stop = stride(from: limit, through: lowest, by: -1)
                    .first { Self.endsSentence(text[spans[$0 - 1]]) } ?? limit
            }
            pieces.append(String(text[spans[start].lowerBound..<spans[stop - 1].upperBound]))
            if stop == spans.count { return pieces }
            start = stop - options.overlapWords
        }
    }

    private static func endsSentence(_ word: Substring) -> Bool {
        var word = word
        while let last = word.last, "\"')]”’»".contains(last) { word.removeLast() }
        return word.last.map { ".!?。！？".contains($0) } ?? false
    }

    private func emitHeld() {
        guard !held.isEmpty else { return }
        emit(held.joined(separator: "\n"))
        held.removeAll(keepingCapacity: true)
        heldWords = 0
    }

    private func emit(_ text: String) {
        number += 1
        ready.append(Passage(id: "\(idStem)#\(number)", title: headings.title, text: text))
    }
}
