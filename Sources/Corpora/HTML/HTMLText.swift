/// The text of a piece of HTML: tags, comments, scripts and styles dropped, common entities read.
enum HTMLText {
    /// - Complexity: O(bytes).
    static func append(_ html: UnsafeRawBufferPointer, to target: inout [UInt8]) {
        var index = 0
        while index < html.count {
            switch html[index] {
            case 0x3c:
                let end = endOfTag(html, index, &target)
                if end == index { target.append(0x3c) }
                index = max(end, index + 1)
            case 0x26: index += entity(html, index, &target)
            default:
                target.append(html[index])
                index += 1
            }
        }
    }

    /// Appends text that has no tags, with its entities read.
    static func appendPlain(_ text: UnsafeRawBufferPointer, to target: inout [UInt8]) {
        var index = 0
        while index < text.count {
            if text[index] == 0x26 {
                index += entity(text, index, &target)
            } else {
                target.append(text[index])
                index += 1
            }
        }
    }

    /// The index behind the tag that begins at `start`, or `start` where none does.
    private static func endOfTag(
        _ html: UnsafeRawBufferPointer, _ start: Int, _ target: inout [UInt8]
    ) -> Int {
        guard HTMLBytes.startsTag(html, at: start) else { return start }
        if HTMLBytes.starts(html, at: start, with: "<!--") {
            return find("-->", in: html, from: start + 4) ?? html.count
        }
        for name in ["script", "style"] where isTag(html, start, name) {
            guard let close = find("</" + name, in: html, from: start) else { return html.count }
            return find(">", in: html, from: close) ?? html.count
        }
        let end = find(">", in: html, from: start) ?? html.count
        // A tag inside a word does not part it; one of a block does.
        if !isInline(html, start) { target.append(0x20) }
        return end
    }

    private static let inlineTags: Set<String> = [
        "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
        "span", "strong", "sub", "sup", "tt", "u", "var",
    ]

    private static func isInline(_ html: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        let first = html[start + 1] == 0x2f ? start + 2 : start + 1
        let name = html[min(first, html.count)...].prefix(8).prefix { 0x61...0x7a ~= $0 | 0x20 }
        return inlineTags.contains(String(decoding: name, as: UTF8.self).lowercased())
    }

    private static func isTag(_ html: UnsafeRawBufferPointer, _ start: Int, _ name: String) -> Bool {
        guard HTMLBytes.starts(html, at: start, with: "<" + name) else { return false }
        let after = start + 1 + name.utf8.count
        return after >= html.count || !(0x61...0x7a ~= html[after] | 0x20)
    }

    /// The index behind the next place of an ASCII string, whatever its case.
    private static func find(_ text: String, in html: UnsafeRawBufferPointer, from start: Int) -> Int? {
        HTMLBytes.place(of: text, in: html, from: start).map { $0 + text.utf8.count }
    }

    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—",
        "hellip": "…", "copy": "©", "laquo": "«", "raquo": "»", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
        "rdquo": "”",
    ]

    /// Appends what an entity stands for, or the ampersand, and returns the bytes read.
    private static func entity(
        _ html: UnsafeRawBufferPointer, _ start: Int, _ target: inout [UInt8]
    ) -> Int {
        let name = html[(start + 1)...].prefix(10).prefix { $0 != 0x3b && $0 != 0x26 && $0 != 0x20 }
        let end = start + 1 + name.count
        let text = String(decoding: name, as: UTF8.self)
        guard end < html.count, html[end] == 0x3b, let meaning = entities[text] ?? scalar(text) else {
            target.append(0x26)
            return 1
        }
        target.append(contentsOf: meaning.utf8)
        return end + 1 - start
    }

    private static func scalar(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        guard let number, number > 0, let scalar = Unicode.Scalar(number) else { return nil }
        return String(Character(scalar))
    }
}
