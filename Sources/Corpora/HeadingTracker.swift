import Foundation

/// Follows the headings of a Markdown file; in other texts there are none.
struct HeadingTracker {
    enum Kind {
        case blank
        case text
        case heading(String)
        /// A line of `=` or `-` that makes a heading of the line above.
        case underline
    }

    private let fileName: String
    private let isMarkdown: Bool
    private var first: String?
    private var nearest: String?
    private var fence: Character?

    init(fileName: String) {
        var name = URL(fileURLWithPath: fileName).lastPathComponent
        for ending in [".gz", ".zst"] where name.lowercased().hasSuffix(ending) {
            name.removeLast(ending.count)
        }
        let lowered = name.lowercased()
        isMarkdown = lowered.hasSuffix(".md") || lowered.hasSuffix(".markdown")
        if let dot = name.lastIndex(of: "."), dot > name.startIndex { name = String(name[..<dot]) }
        self.fileName = name
    }

    /// The first heading and the nearest one, or the name of the file before any heading.
    var title: String {
        guard let first, let nearest else { return fileName }
        return first == nearest ? first : "\(first): \(nearest)"
    }

    mutating func enter(_ heading: String) {
        if first == nil { first = heading }
        nearest = heading
    }

    /// What a line is, given the paragraph that it follows.
    mutating func kind(of line: String, after paragraph: String) -> Kind {
        let trimmed = line.drop { $0.isWhitespace }
        guard let character = trimmed.first else { return .blank }
        guard isMarkdown else { return .text }
        if let open = fence {
            if trimmed.prefix(while: { $0 == open }).count >= 3 { fence = nil }
            return .text
        }
        if character == "`" || character == "~", trimmed.prefix(while: { $0 == character }).count >= 3 {
            fence = character
            return .text
        }
        if character == "#" {
            let marks = trimmed.prefix { $0 == "#" }
            let rest = trimmed.dropFirst(marks.count)
            if marks.count <= 6, rest.first == " " || rest.first == "\t" {
                let closing = CharacterSet(charactersIn: "# \t")
                let heading = rest.trimmingCharacters(in: closing)
                if !heading.isEmpty { return .heading(heading) }
            }
        }
        if character == "=" || character == "-", !paragraph.isEmpty,
            paragraph.utf8.count <= 120,
            trimmed.allSatisfy({ $0 == character || $0.isWhitespace }), trimmed.count >= 3
        {
            return .underline
        }
        return .text
    }
}
