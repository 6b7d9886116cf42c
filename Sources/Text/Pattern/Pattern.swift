import Storage

/// What is searched for in a text: a literal or a regular expression.
struct Pattern: Sendable {
    private enum Kind: Sendable {
        case literal([UInt8])
        case program(PatternProgram)
    }

    private let kind: Kind

    /// Buffers that searches share; one thread's.
    struct Scratch {
        fileprivate(set) var stack: [PatternMatcher.Branch] = []

        init() {}
    }

    /// A text that stands for itself; the empty one matches everywhere.
    init(literal: String) {
        kind = .literal(Array(literal.utf8))
    }

    /// A regular expression.
    ///
    /// - Throws: ``TokenizerError`` when it is broken, or uses what is not supported.
    init(regex: String) throws(TokenizerError) {
        guard regex.utf8.count <= 100_000 else {
            throw TokenizerError(.unsupported, "a regular expression is too large")
        }
        kind = .program(try PatternProgram(try PatternParser.parse(regex)))
    }

    /// Reads `{"String": …}` or `{"Regex": …}`, or a bare string.
    init(json: JSONValue?, _ section: String) throws(TokenizerError) {
        if let text = json?["String"]?.string ?? json?.string {
            self.init(literal: text)
        } else if let regex = json?["Regex"]?.string {
            try self.init(regex: regex)
        } else {
            throw .malformed("\(section).pattern must be a String or a Regex")
        }
    }

    /// Calls `body` with the matches in `text`, leftmost first, none overlapping.
    ///
    /// Time is linear in the text: a regular expression that needs more than a few hundred steps
    /// a byte finds no more matches.
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>, _ scratch: inout Scratch,
        _ body: (Range<Int>) -> Void
    ) {
        switch kind {
        case .literal(let bytes): Pattern.literal(bytes, in: text, body)
        case .program(let program):
            var matcher = PatternMatcher(stack: scratch.stack, budget: 8_192 + 512 * text.count)
            scratch.stack = []
            matcher.forEachMatch(of: program, in: text, body)
            scratch.stack = matcher.stack
        }
    }

    private static func literal(
        _ bytes: [UInt8], in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void
    ) {
        guard let first = bytes.first else {
            var index = 0
            while index < text.count {
                body(index..<index)
                index += text.length(at: index)
            }
            body(text.count..<text.count)
            return
        }
        let count = bytes.count
        var index = 0
        bytes.withUnsafeBufferPointer { bytes in
            search: while index + count <= text.count {
                guard text[index] == first else {
                    index += 1
                    continue
                }
                for offset in 1..<max(1, count) where text[index + offset] != bytes[offset] {
                    index += 1
                    continue search
                }
                body(index..<index + count)
                index += count
            }
        }
    }
}
