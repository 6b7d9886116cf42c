/// The headings and paragraphs of a Markdown file, without the marks.
///
/// The grammar is cmark's; a long file is given to it in parts, so that memory stays bounded.
final class MarkdownBlocks: TextBlockReader {
    /// A part ends at a blank line after `soft` bytes, and at any line after `hard`.
    private static let part = (soft: 1 << 18, hard: 1 << 19)
    /// Lines without a blank one between them are read together up to here: what stands in brackets
    /// may take time that grows with the square of their length.
    private static let longestRun = 1 << 14

    var line: Int { lines.line }
    var bytesRead: Int { lines.bytesRead }
    private(set) var title: String?
    private let lines: TextLines
    private var front: FrontMatter? = FrontMatter()
    private var text = MarkdownText()
    private var ready: [TextBlock] = []
    private var readyIndex = 0
    private var isOver = false

    init(lines: TextLines) { self.lines = lines }

    func next() throws(CorpusError) -> RecordOutcome<TextBlock>? {
        while true {
            if readyIndex < ready.count {
                defer { readyIndex += 1 }
                return .value(ready[readyIndex])
            }
            if isOver { return nil }
            ready = []
            readyIndex = 0
            switch try lines.next({ take($0) }) {
            case .value: break
            case .fault(let fault): return .fault(fault)
            case nil:
                isOver = true
                if let front { replay(front) }
                ready += text.finish()
            }
        }
    }

    private func take(_ line: UnsafeRawBufferPointer) {
        guard front != nil else { return add(line) }
        switch front?.take(line) {
        case .isOver:
            title = front?.title
            front = nil
        case .isText:
            if let front { replay(front) }
        default: break
        }
    }

    private func replay(_ front: FrontMatter) {
        self.front = nil
        for line in front.lines { line.withUnsafeBytes { add($0) } }
    }

    private func add(_ line: UnsafeRawBufferPointer) {
        let isBlank = WhiteSpace.isAll(line)
        if text.byteCount > Self.part.hard || (isBlank && text.byteCount > Self.part.soft)
            || text.runLength > Self.longestRun || text.cellCount > MarkdownText.mostCells
        {
            ready += text.finish()
        }
        if line.count > Self.longestRun || MarkdownText.isNestedDeeply(line) {
            // No text that someone wrote: without grammar.
            ready += text.finish()
            var words: [UInt8] = []
            WhiteSpace.append(line, to: &words)
            if !words.isEmpty { ready.append(.paragraph(String(decoding: words, as: UTF8.self))) }
            return
        }
        text.add(line, isBlank: isBlank)
    }
}
