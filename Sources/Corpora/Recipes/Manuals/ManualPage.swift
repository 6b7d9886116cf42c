/// A page of a manual: its sections of prose under a title.
///
/// A page is that of a command or file where its name ends in a section of the manual, `scp.1`; it is called `scp(1)` and what its
/// NAME section says, and some of its sections are left out: what they list, a reader finds elsewhere.
struct ManualPage {
    struct Section {
        var heading: String
        var paragraphs: [String]
    }

    /// `scp.1`, or the place of the page in its manual.
    let name: String
    let title: String
    private(set) var sections: [Section] = []

    /// - Parameter name: the name of the file without its ending.
    init(name: String, html: [UInt8]) {
        self.name = name
        let page = HTMLBlocks(html)
        guard let (command, section) = Self.command(name) else {
            let first = page.blocks.lazy.compactMap { if case .heading(let text, _) = $0 { text } else { nil } }.first
            let own = Self.plain(page.title.isEmpty ? first ?? "" : page.title)
            title = own.isEmpty ? name : own
            sections = Self.sections(page.blocks) { _ in false }
            return
        }
        let all = Self.sections(page.blocks) { Self.omitted.contains($0) }
        let names = Self.sections(page.blocks) { $0 != "NAME" }
        let purpose = names.lazy.flatMap(\.paragraphs).compactMap(Self.purpose).first
        title = "\(command)(\(section))" + (purpose.map { " - \($0)" } ?? "")
        sections = all
    }

    /// What a passage of a section is called.
    func title(of section: Section) -> String {
        section.heading.isEmpty || section.heading == title ? title : "\(title) | \(section.heading)"
    }

    /// The sections that have text; with one that is left out go the sections in it.
    private static func sections(_ blocks: [TextBlock], without isOmitted: (String) -> Bool) -> [Section] {
        var sections = [Section(heading: "", paragraphs: [])]
        var omittedLevel: Int?
        for block in blocks {
            switch block {
            case .heading(let heading, let level):
                if let outer = omittedLevel, level > outer { continue }
                omittedLevel = isOmitted(heading.uppercased()) ? level : nil
                sections.append(Section(heading: plain(heading), paragraphs: []))
            case .paragraph(let text):
                if omittedLevel == nil { sections[sections.count - 1].paragraphs.append(text) }
            }
        }
        return sections.filter { !$0.paragraphs.isEmpty }
    }

    /// `scp` and `1` of `scp.1`; nil for other names.
    private static func command(_ name: String) -> (name: String, section: String)? {
        let base = name.split(separator: "/").last ?? ""
        guard let dot = base.lastIndex(of: "."), dot != base.startIndex else { return nil }
        let section = base[base.index(after: dot)...]
        guard let digit = section.first, "1"..."9" ~= digit, section.dropFirst().allSatisfy(\.isLetter) else {
            return nil
        }
        return (String(base[..<dot]), String(section))
    }

    /// What a NAME section says after the names and a dash.
    private static func purpose(_ paragraph: String) -> String? {
        let words = WhiteSpace.words(of: paragraph)
        guard let dash = words.firstIndex(where: { ["-", "–", "—", "−"].contains($0) }), dash + 1 < words.count else {
            return nil
        }
        return words[(dash + 1)...].joined(separator: " ")
    }

    /// A heading without its number, and not all in capitals: `9.1. Tips` is `Tips`, and `SEE ALSO` is `See also`.
    private static func plain(_ heading: String) -> String {
        var words = WhiteSpace.words(of: heading)
        if words.count > 2, words[0] == "Chapter" || words[0] == "Appendix", words[1].hasSuffix(".") {
            words.removeFirst(2)
        } else if words.count > 1, words[0].hasSuffix("."),
            words[0].allSatisfy({ $0.isNumber || $0.isLetter || $0 == "." }),
            words[0].contains(where: \.isNumber)
        {
            words.removeFirst()
        }
        let text = words.joined(separator: " ")
        guard text.contains(where: \.isUppercase), !text.contains(where: \.isLowercase) else { return text }
        return text.prefix(1) + text.dropFirst().lowercased()
    }

    private static let omitted: Set<String> = [
        "NAME", "SYNOPSIS", "SEE ALSO", "AUTHOR", "AUTHORS", "COPYRIGHT", "REPORTING BUGS", "COLOPHON", "HISTORY",
        "AVAILABILITY", "STANDARDS", "CONFORMING TO", "LICENSE", "VERSION", "LEGAL NOTICE", "DISCLAIMER", "SUPPORT",
    ]
}
