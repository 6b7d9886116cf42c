/// What a text is made of, to the cutter.
enum TextBlock {
    case heading(String, level: Int)
    /// Words with one space between each two.
    case paragraph(String)
}

/// Reads a text file block by block.
protocol TextBlockReader: AnyObject {
    /// The line read last, or that of the fault.
    var line: Int { get }
    var bytesRead: Int { get }
    /// What the file says it is called, once its start has been read.
    var title: String? { get }

    /// The next block or bad line, or nil at the end of the file.
    func next() throws(CorpusError) -> RecordOutcome<TextBlock>?
}

/// Paragraphs of plain text, with blank lines between them.
final class PlainBlocks: TextBlockReader {
    /// Paragraphs that are longer are cut as they come, so that memory stays bounded.
    static let longestParagraph = 1 << 20

    var line: Int { lines.line }
    var bytesRead: Int { lines.bytesRead }
    let title: String? = nil
    private let lines: TextLines
    private var paragraph: [UInt8] = []

    init(lines: TextLines) { self.lines = lines }

    func next() throws(CorpusError) -> RecordOutcome<TextBlock>? {
        while true {
            let before = paragraph.count
            let outcome = try lines.next { WhiteSpace.append($0, to: &paragraph) }
            switch outcome {
            case .fault(let fault): return .fault(fault)
            case .value:
                // A line that adds nothing is blank.
                if paragraph.count == before || paragraph.count > Self.longestParagraph {
                    if let block = takeParagraph() { return .value(block) }
                }
            case nil: return takeParagraph().map { .value($0) }
            }
        }
    }

    private func takeParagraph() -> TextBlock? {
        guard !paragraph.isEmpty else { return nil }
        defer { paragraph.removeAll(keepingCapacity: true) }
        return .paragraph(String(decoding: paragraph, as: UTF8.self))
    }
}
