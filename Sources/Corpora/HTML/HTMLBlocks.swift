/// Headings and paragraphs of an HTML page, without what is there to find one's way: tables of contents, links to
/// neighbours, heads and feet of manual pages.
///
/// Of a list of definitions each is a paragraph, `term: what it means`; a table's row has semicolons between its cells.
struct HTMLBlocks {
    /// What the page's head says it is called; empty where it says nothing.
    private(set) var title = ""
    private(set) var blocks: [TextBlock] = []
    /// The text since the last block.
    private var text: [UInt8] = []
    /// What is defined by the paragraph that comes next.
    private var terms: [String] = []
    /// An element that is passed over, and how deep in elements of its name.
    private var skipped: (name: String, depth: Int)?

    init(_ bytes: [UInt8]) {
        var scanner = HTMLScanner(bytes)
        while let piece = scanner.next() {
            switch piece {
            case .text(let range) where skipped == nil:
                bytes[range].withUnsafeBytes { HTMLText.appendPlain($0, to: &text) }
            case .text: break
            case .open(let tag): open(tag)
            case .close(let name): close(name)
            }
        }
        endParagraph()
        endTerms()
    }

    private mutating func open(_ tag: HTMLTag) {
        if let (name, depth) = skipped {
            if tag.name == name, !tag.isClosed { skipped = (name, depth + 1) }
            return
        }
        if Self.skippedNames.contains(tag.name) || tag.classes.contains(where: Self.skippedClasses.contains) {
            if Self.isBlock(tag.name) { endParagraph() }
            if !tag.isClosed { skipped = (tag.name, 1) }
        } else if tag.name == "td" || tag.name == "th" {
            if WhiteSpace.collapsed(String(decoding: text, as: UTF8.self)).isEmpty {
                text.removeAll()
            } else {
                text.append(contentsOf: "; ".utf8)
            }
        } else if Self.isBlock(tag.name) {
            endParagraph()
            if tag.classes.contains("Bd-indent") { takeTermBefore() }
        } else if tag.name == "br" {
            text.append(0x20)
        }
    }

    private mutating func close(_ name: String) {
        if let (skippedName, depth) = skipped {
            if name == skippedName { skipped = depth > 1 ? (name, depth - 1) : nil }
            return
        }
        if let level = Self.headings.firstIndex(of: name) {
            let heading = takeText()
            endTerms()
            if !heading.isEmpty { blocks.append(.heading(heading, level: level + 1)) }
        } else if name == "title" {
            let words = takeText()
            if title.isEmpty { title = words }
        } else if name == "dt" {
            let term = takeText()
            if !term.isEmpty, !Self.bullets.contains(term) { terms.append(term) }
        } else if name == "dl" {
            endParagraph()
            endTerms()
        } else if Self.isBlock(name) {
            endParagraph()
        }
    }

    private mutating func takeText() -> String {
        defer { text.removeAll(keepingCapacity: true) }
        return WhiteSpace.collapsed(String(decoding: text, as: UTF8.self))
    }

    private mutating func endParagraph() {
        let words = takeText()
        guard !words.isEmpty else { return }
        let paragraph = terms.isEmpty ? words : Self.joined(terms) + ": " + words
        terms.removeAll()
        blocks.append(.paragraph(paragraph))
    }

    /// Terms that nothing explains are a paragraph.
    private mutating func endTerms() {
        if !terms.isEmpty { blocks.append(.paragraph(Self.joined(terms))) }
        terms.removeAll()
    }

    private static func joined(_ terms: [String]) -> String {
        let joined = terms.joined(separator: ", ")
        return joined.hasSuffix(":") ? String(joined.dropLast()) : joined
    }

    /// Manual pages made of DocBook have an option in a paragraph, and what it means in an indented one after it.
    private mutating func takeTermBefore() {
        guard case .paragraph(let words) = blocks.last, let last = words.last,
            !".:;!?".contains(last) || words.hasSuffix("..."), WhiteSpace.wordCount(words) <= Self.longestTerm
        else { return }
        blocks.removeLast()
        terms.append(words)
    }

    private static let longestTerm = 12
    /// What a list has before its items where no term is defined.
    private static let bullets: Set<String> = ["•", "·", "‣", "◦"]
    private static let headings = ["h1", "h2", "h3", "h4", "h5", "h6"]
    private static let skippedNames: Set<String> = ["nav", "template", "script", "style"]
    private static let skippedClasses: Set<String> = ["head", "foot", "toc", "navheader", "navfooter", "docnav"]

    private static func isBlock(_ name: String) -> Bool { blockNames.contains(name) }

    private static let blockNames: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
        "section", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
    ]
}
