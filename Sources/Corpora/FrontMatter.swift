/// The block of fields at the start of a Markdown file: YAML between `---`, TOML between `+++` or JSON
/// between `;;;`.
///
/// Lines are given one by one until it is known whether there is such a block.
struct FrontMatter {
    enum Verdict {
        /// Another line is needed.
        case goesOn
        /// The lines so far are text.
        case isText
        case isOver
    }

    /// A block that does not end soon is none.
    private static let most = (lines: 2000, bytes: 1 << 18)

    /// The lines so far.
    private(set) var lines: [[UInt8]] = []
    private var byteCount = 0
    private var fence: [UInt8] = []
    private var hasContent = false

    /// Takes a line without its end.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Verdict {
        let line = Array(line)
        lines.append(line)
        byteCount += line.count
        let trimmed = Self.trimmed(line)
        if lines.count == 1 {
            for mark in ["---", "+++", ";;;"] where trimmed == Array(mark.utf8) { fence = trimmed }
            // `;;;json` is written, too.
            if trimmed == Array(";;;json".utf8) { fence = Array(";;;".utf8) }
            return fence.isEmpty || line.first != trimmed.first ? .isText : .goesOn
        }
        if trimmed == fence || (fence == Array("---".utf8) && trimmed == Array("...".utf8)) { return .isOver }
        if !looksLikeFields(line, trimmed) { return .isText }
        return lines.count > Self.most.lines || byteCount > Self.most.bytes ? .isText : .goesOn
    }

    /// The first line of content tells fields from a rule with text under it.
    private mutating func looksLikeFields(_ line: [UInt8], _ trimmed: [UInt8]) -> Bool {
        guard !hasContent, !trimmed.isEmpty, trimmed.first != 0x23 else { return true }
        hasContent = true
        switch fence.first {
        case 0x2d:
            guard let colon = line.firstIndex(of: 0x3a) else { return false }
            let key = line[..<colon]
            return !key.isEmpty && key.count <= 64 && key.first != 0x20
                && (colon + 1 == line.count || line[colon + 1] == 0x20 || line[colon + 1] == 0x09)
                && !WhiteSpace.words(of: String(decoding: key, as: UTF8.self)).isEmpty
        case 0x2b: return line.contains(0x3d) || trimmed.first == 0x5b
        default: return trimmed.first == 0x7b || trimmed.first == 0x22
        }
    }

    /// The value of `title`; nil where there is none.
    var title: String? {
        let content = lines.dropFirst().dropLast()
        let found: String? =
            switch fence.first {
            case 0x2d: Self.value(in: Array(content), mark: 0x3a, hasBlocks: true)
            case 0x2b: Self.value(in: Array(content), mark: 0x3d, hasBlocks: false)
            default: Self.jsonTitle(Array(content.joined(separator: [0x0a])))
            }
        return found.map { WhiteSpace.collapsed($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func value(in lines: [[UInt8]], mark: UInt8, hasBlocks: Bool) -> String? {
        let name = Array("title".utf8)
        for (index, line) in lines.enumerated() {
            // A table of TOML: what follows is no longer at the top.
            if !hasBlocks, trimmed(line).first == 0x5b { return nil }
            guard let place = line.firstIndex(of: mark) else { continue }
            var key = hasBlocks ? trimmed(line[..<place], leading: false) : trimmed(line[..<place])
            if key.count > 2, let quote = key.first, quote == 0x22 || quote == 0x27, key.last == quote {
                key = Array(key.dropFirst().dropLast())
            }
            guard key.map({ 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }) == name else { continue }
            var rest = trimmed(line[(place + 1)...])
            if hasBlocks {
                // A value may go on in lines that are indented.
                let more = lines[(index + 1)...].prefix { $0.first == 0x20 || $0.first == 0x09 || trimmed($0).isEmpty }
                if let sign = rest.first, sign == 0x3e || sign == 0x7c { rest = [] }
                for line in more where !trimmed(line).isEmpty { rest += [0x20] + trimmed(line) }
                rest = trimmed(rest)
            }
            return unquoted(rest)
        }
        return nil
    }

    private static func unquoted(_ value: [UInt8]) -> String? {
        guard let quote = value.first, quote == 0x22 || quote == 0x27 else {
            // An unquoted value ends before a comment.
            var end = value.count
            for index in value.indices.dropFirst() where value[index] == 0x23 && value[index - 1] == 0x20 {
                end = index - 1
                break
            }
            return String(decoding: value[..<end], as: UTF8.self)
        }
        var content: [UInt8] = []
        var index = 1
        while index < value.count {
            if value[index] == 0x5c, quote == 0x22, index + 1 < value.count {
                switch value[index + 1] {
                case 0x6e, 0x74: content.append(0x20)
                case 0x22, 0x5c, 0x2f: content.append(value[index + 1])
                default: content += [0x5c, value[index + 1]]
                }
                index += 2
                continue
            }
            if value[index] == quote {
                guard quote == 0x27, index + 1 < value.count, value[index + 1] == quote else { break }
                index += 1
            }
            content.append(value[index])
            index += 1
        }
        return String(decoding: content, as: UTF8.self)
    }

    private static func jsonTitle(_ content: [UInt8]) -> String? {
        let text = trimmed(content).first == 0x7b ? content : [0x7b] + content + [0x7d]
        let values = try? text.withUnsafeBytes { try JSONLineReader(members: ["title"]).read($0) }
        guard case .string(let title)? = values?[0] else { return nil }
        return title
    }

    private static func trimmed(_ bytes: some Collection<UInt8>, leading: Bool = true) -> [UInt8] {
        var bytes = Array(bytes)[...]
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0d || last == 0x0a { bytes.removeLast() }
        while leading, let first = bytes.first, first == 0x20 || first == 0x09 || first == 0x0d || first == 0x0a {
            bytes.removeFirst()
        }
        return Array(bytes)
    }
}
