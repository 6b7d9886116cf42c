/// Cuts one text or Markdown file into passages.
///
/// Paragraphs are put together while they fit and are kept whole; a heading begins a new passage. A
/// paragraph that is too long alone is cut, at the end of a sentence where one is near, and only
/// there the passages overlap: between paragraphs nothing would be cut apart.
final class TextCutter {
    var line: Int { blocks.line }
    var bytesRead: Int { blocks.bytesRead }
    private let blocks: any TextBlockReader
    private let options: CorpusOptions
    private let idStem: String
    private var headings: HeadingTracker
    private var hasTitle = false
    private var held: [String] = []
    private var heldWords = 0
    private var ready: [Passage] = []
    private var readyIndex = 0
    private var number = 0
    private var isOver = false

    /// - Parameter name: the bytes of the file's name in its folder, which ids begin with.
    init(lines: LineReader, name: [UInt8], options: CorpusOptions) {
        let text = TextLines(lines: lines, isStrict: options.strict)
        let isMarkdown = Self.markdownEndings.contains(FileName.ending(name))
        blocks = isMarkdown ? MarkdownBlocks(lines: text) : PlainBlocks(lines: text)
        self.options = options
        idStem = FileName.identifier(name)
        headings = HeadingTracker(fileName: FileName.stem(name))
    }

    static let markdownEndings: Set<String> = ["md", "markdown"]

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
            let outcome = try blocks.next()
            if !hasTitle, let title = blocks.title {
                hasTitle = true
                headings.name(title)
            }
            switch outcome {
            case .fault(let fault): return .fault(fault)
            case .value(.heading(let heading, let level)):
                emitHeld()
                let title = headings.title
                if let lost = headings.enter(heading, level: level) { emit(lost, title: title) }
            case .value(.paragraph(let paragraph)):
                headings.addBody()
                take(paragraph)
            case nil:
                isOver = true
                emitHeld()
                if let lost = headings.lastWithoutBody { emit(lost, title: headings.title) }
            }
        }
    }

    private func take(_ paragraph: String) {
        let spans = WordSpans(paragraph)
        if spans.count <= options.passageWords {
            if heldWords + spans.count > options.passageWords { emitHeld() }
            held.append(paragraph)
            heldWords += spans.count
        } else {
            emitHeld()
            for piece in cut(paragraph, spans.spans) { emit(piece, title: headings.title) }
        }
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
                stop =
                    stride(from: limit, through: lowest, by: -1)
                    .first { Self.endsSentence(text[spans[$0 - 1]]) } ?? limit
            }
            pieces.append(String(text[spans[start].lowerBound..<spans[stop - 1].upperBound]))
            if stop == spans.count { return pieces }
            start = stop - options.overlapWords
        }
    }

    private static func endsSentence(_ word: Substring) -> Bool {
        var word = word.unicodeScalars
        while let last = word.last, closers.contains(last) { word.removeLast() }
        return word.last.map { stops.contains($0) } ?? false
    }

    private static let closers = Set("\"')]”’»".unicodeScalars)
    private static let stops = Set(".!?。！？".unicodeScalars)

    private func emitHeld() {
        guard !held.isEmpty else { return }
        emit(held.joined(separator: "\n"), title: headings.title)
        held.removeAll(keepingCapacity: true)
        heldWords = 0
    }

    private func emit(_ text: String, title: String) {
        number += 1
        ready.append(Passage(id: "\(idStem)#\(number)", title: title, text: text))
    }
}
