import CCmark

/// The text of cmark's tree: what a reader of the page would see, without marks.
struct MarkdownWalk {
    /// A longer heading is a paragraph with a rule under it.
    private static let longestHeading = 200

    private var blocks: [TextBlock] = []
    /// The words of the block at hand.
    private var words: [UInt8] = []

    /// - Complexity: O(nodes).
    static func read(_ document: OpaquePointer) -> [TextBlock] {
        guard let iterator = cmark_iter_new(document) else { return [] }
        defer { cmark_iter_free(iterator) }
        var walk = MarkdownWalk()
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return walk.blocks }
            guard let node = cmark_iter_get_node(iterator) else { continue }
            walk.take(node, isEntering: event == CMARK_EVENT_ENTER)
        }
    }

    private mutating func take(_ node: OpaquePointer, isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT: addText(cmark_node_get_literal(node))
        case CMARK_NODE_CODE: add(cmark_node_get_literal(node))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: words.append(0x20)
        case CMARK_NODE_HTML_INLINE:
            // A line break is the one tag that stands for something between words.
            if let tag = cmark_node_get_literal(node), tag[1] | 0x20 == 0x62, tag[2] | 0x20 == 0x72 {
                words.append(0x20)
            }
        case CMARK_NODE_CODE_BLOCK:
            add(cmark_node_get_literal(node))
            endParagraph()
        case CMARK_NODE_HTML_BLOCK:
            HTMLText.append(Self.bytes(cmark_node_get_literal(node)), to: &words)
            endParagraph()
        case CMARK_NODE_PARAGRAPH where !isEntering: endParagraph()
        case CMARK_NODE_HEADING where !isEntering: endHeading(level: Int(cmark_node_get_heading_level(node)))
        default: takeTable(node, isEntering: isEntering)
        }
    }

    private mutating func takeTable(_ node: OpaquePointer, isEntering: Bool) {
        guard !isEntering, let name = cmark_node_get_type_string(node) else { return }
        switch String(cString: name) {
        case "table_cell":
            while words.last == 0x20 { words.removeLast() }
            if let last = words.last, last != 0x3b { words += [0x3b, 0x20] }
        case "table_row", "table_header":
            while let last = words.last, last == 0x3b || last == 0x20 { words.removeLast() }
            endParagraph()
        default: break
        }
    }

    private mutating func endParagraph() {
        if let text = takeWords() { blocks.append(.paragraph(text)) }
    }

    private mutating func endHeading(level: Int) {
        guard let text = takeWords() else { return }
        blocks.append(text.utf8.count > Self.longestHeading ? .paragraph(text) : .heading(text, level: level))
    }

    private mutating func takeWords() -> String? {
        var collapsed: [UInt8] = []
        words.withUnsafeBytes { WhiteSpace.append($0, to: &collapsed) }
        words.removeAll(keepingCapacity: true)
        return collapsed.isEmpty ? nil : String(decoding: collapsed, as: UTF8.self)
    }

    private mutating func add(_ literal: UnsafePointer<CChar>?) {
        words.append(contentsOf: Self.bytes(literal))
    }

    /// Adds text without the marks of footnotes, `[^1]`.
    private mutating func addText(_ literal: UnsafePointer<CChar>?) {
        let bytes = Self.bytes(literal)
        var start = 0
        var index = 0
        while index + 3 < bytes.count {
            guard bytes[index] == 0x5b, bytes[index + 1] == 0x5e else {
                index += 1
                continue
            }
            var end = index + 2
            while end < bytes.count, end < index + 66, bytes[end] != 0x5d, bytes[end] != 0x20, bytes[end] != 0x5b {
                end += 1
            }
            guard end < bytes.count, bytes[end] == 0x5d, end > index + 2 else {
                index += 2
                continue
            }
            words.append(contentsOf: bytes[start..<index])
            index = end + 1
            start = index
        }
        words.append(contentsOf: bytes[start...])
    }

    private static func bytes(_ literal: UnsafePointer<CChar>?) -> UnsafeRawBufferPointer {
        guard let literal else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var count = 0
        while literal[count] != 0 { count += 1 }
        return UnsafeRawBufferPointer(start: literal, count: count)
    }
}
