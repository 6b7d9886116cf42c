import CCmark
import Synchronization

/// A part of a Markdown file on its way through cmark, line by line.
///
/// Footnotes are read here and not by cmark, which drops those that nothing refers to.
struct MarkdownText: ~Copyable {
    /// Rows of a table are filled up to its columns; a hostile table would fill the memory.
    static let mostCells = 1 << 17

    private(set) var byteCount = 0
    /// Bytes since the last blank line.
    private(set) var runLength = 0
    /// Cells of the table at hand, at most.
    private(set) var cellCount = 0
    private var columns = 0
    /// The fence that is open, as it was opened.
    private var fence: [UInt8] = []
    private var parser: OpaquePointer?

    deinit { if let parser { cmark_parser_free(parser) } }

    mutating func add(_ line: UnsafeRawBufferPointer, isBlank: Bool) {
        if parser == nil { begin() }
        follow(line, isBlank: isBlank)
        let label = fence.isEmpty ? Self.footnoteLabel(line) : 0
        if label > 0 { feed("\n") }
        feed(UnsafeRawBufferPointer(rebasing: line[label...]))
        feed("\n")
    }

    /// The blocks of all lines so far; what comes next begins anew, in the fence that is open.
    mutating func finish() -> [TextBlock] {
        defer { (byteCount, runLength, cellCount, columns) = (0, 0, 0, 0) }
        guard let parser else { return [] }
        self.parser = nil
        defer { cmark_parser_free(parser) }
        guard let document = Self.document(of: parser) else { return [] }
        defer { cmark_node_free(document) }
        return MarkdownWalk.read(document)
    }

    private mutating func begin() {
        parser = Self.makeParser()
        guard !fence.isEmpty else { return }
        fence.withUnsafeBytes { feed($0) }
        feed("\n")
    }

    private func feed(_ text: StaticString) {
        cmark_parser_feed(
            parser, UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), text.utf8CodeUnitCount)
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        cmark_parser_feed(parser, base.assumingMemoryBound(to: CChar.self), bytes.count)
    }

    /// Keeps account of fences and tables, roughly as cmark will see them.
    private mutating func follow(_ line: UnsafeRawBufferPointer, isBlank: Bool) {
        byteCount += line.count + 1
        runLength = isBlank ? 0 : runLength + line.count + 1
        let indent = line.prefix { $0 == 0x20 }.count
        let rest = line[indent...]
        if let mark = rest.first, mark == 0x60 || mark == 0x7e, indent < 4 {
            let length = rest.prefix { $0 == mark }.count
            if fence.isEmpty {
                let info = rest.dropFirst(length)
                if length >= 3, mark == 0x7e || !info.contains(0x60) {
                    fence = [UInt8](repeating: mark, count: length)
                }
            } else if fence.first == mark, length >= fence.count,
                rest.dropFirst(length).allSatisfy({ $0 == 0x20 || $0 == 0x09 })
            {
                fence = []
            }
        }
        if !fence.isEmpty || isBlank {
            (columns, cellCount) = (0, 0)
            // In a fence nothing is nested, so that its length does no harm.
            if !fence.isEmpty { runLength = 0 }
        } else if line.allSatisfy({ Self.delimiters.contains($0) }) {
            columns = max(columns, line.count { $0 == 0x7c } + 1)
        } else if columns > 1 {
            cellCount += columns
        }
    }

    private static let delimiters = Set("|-: \t>".utf8)

    /// Whether a line opens more quotes and lists than anyone writes.
    static func isNestedDeeply(_ line: UnsafeRawBufferPointer) -> Bool {
        var marks = 0
        for (index, byte) in line.enumerated() {
            switch byte {
            case 0x20, 0x09: continue
            case 0x3e: marks += 1
            case 0x2d, 0x2a, 0x2b, 0x30...0x39, 0x2e, 0x29:
                // A rule or emphasis is no list.
                if index + 1 < line.count, line[index + 1] == 0x20 || line[index + 1] == 0x09 { marks += 1 }
            default: return false
            }
            if marks > 64 { return true }
        }
        return false
    }

    /// The length of `[^label]: ` at the start of a line, 0 where there is none.
    private static func footnoteLabel(_ line: UnsafeRawBufferPointer) -> Int {
        let indent = line.prefix { $0 == 0x20 }.count
        guard indent < 4, line.count > indent + 4, line[indent] == 0x5b, line[indent + 1] == 0x5e else { return 0 }
        var index = indent + 2
        while index < line.count, line[index] != 0x5d {
            if line[index] == 0x20 || line[index] == 0x5b { return 0 }
            index += 1
        }
        guard index + 1 < line.count, index > indent + 2, line[index + 1] == 0x3a else { return 0 }
        index += 2
        while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        return index
    }

    /// While one text is finished: cmark keeps the characters that extensions add, such as `~`, in a table of the process,
    /// and takes them out again when it is done.
    private static let finishing = Mutex(())

    private static func document(of parser: OpaquePointer) -> OpaquePointer? {
        // As numbers: the pointers stay in this thread.
        let parser = UInt(bitPattern: parser)
        let document = finishing.withLock { _ in
            UInt(bitPattern: OpaquePointer(bitPattern: parser).flatMap { cmark_parser_finish($0) })
        }
        return OpaquePointer(bitPattern: document)
    }

    private static let extensionsAreReady: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    private static func makeParser() -> OpaquePointer? {
        guard extensionsAreReady, let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return nil }
        for name in ["table", "strikethrough", "tasklist"] {
            if let found = cmark_find_syntax_extension(name) {
                cmark_parser_attach_syntax_extension(parser, found)
            }
        }
        return parser
    }
}
