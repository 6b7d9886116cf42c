/// The rows of a table, of which a quoted column may run over several lines.
///
/// A quote that opens and does not belong to a pair must not swallow the rows after it: lines are
/// joined only where the quotes close properly, the joined row has the right number of columns, and no
/// line among them tells by its tabs that it is a row of its own.
final class QuotedRows {
    /// How far the end of a row is looked for.
    private static let most = (lines: 1000, bytes: 1 << 24)

    /// The line on which the row starts that was handed out last.
    private(set) var line = 0
    private let lines: LineReader
    private let table: HeadedTable
    /// Lines that were read ahead.
    private var ahead: [(line: Int, bytes: [UInt8])] = []
    private var aheadIndex = 0

    init(lines: LineReader, table: HeadedTable) {
        self.lines = lines
        self.table = table
    }

    /// The next row or what is wrong with it, passed to `body` while its bytes are valid.
    func next<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result>? {
        while true {
            if aheadIndex < ahead.count {
                let (number, bytes) = ahead[aheadIndex]
                aheadIndex += 1
                if aheadIndex == ahead.count { (ahead, aheadIndex) = ([], 0) }
                line = number
                return try outcome(of: bytes, body)
            }
            guard let bytes = try lines.next() else { return nil }
            if bytes.isBlank { continue }
            line = lines.line
            guard table.quotes(bytes, startingOpen: false).isOpen else {
                return RecordOutcome { () throws(LineFault) in try body(bytes) }
            }
            return try outcome(of: Array(bytes), body)
        }
    }

    private func outcome<Result>(
        of first: [UInt8], _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result> {
        let isOpen = first.withUnsafeBytes { table.quotes($0, startingOpen: false).isOpen }
        var row = first
        if isOpen {
            if let joined = try join(first) {
                row = joined
            } else if !first.withUnsafeBytes({ table.separatorCount($0) == table.columns - 1 }) {
                return .fault(LineFault("a quoted column is not closed"))
            }
        }
        return RecordOutcome { () throws(LineFault) in
            try row.withUnsafeBufferPointer { (bytes) throws(LineFault) in
                try body(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    /// A row of several lines; nil where the first is none of such a row.
    private func join(_ first: [UInt8]) throws(CorpusError) -> [UInt8]? {
        let separators = table.columns - 1
        let firstIsWhole = first.withUnsafeBytes { table.separatorCount($0) } == separators
        var row = first
        var index = aheadIndex
        while index - aheadIndex < Self.most.lines, row.count < Self.most.bytes {
            guard try readAhead(to: index) else { return nil }
            let next = ahead[index].bytes
            index += 1
            row.append(0x0a)
            row.append(contentsOf: next)
            let quotes = next.withUnsafeBytes { table.quotes($0, startingOpen: true) }
            guard quotes.isClean else { return nil }
            let isWhole =
                table.rowsTellThemselves
                && next.withUnsafeBytes { table.separatorCount($0) } == separators
            if isWhole, firstIsWhole || !quotes.closes { return nil }
            if quotes.isOpen { continue }
            guard row.withUnsafeBytes({ table.columnCount($0) }) == table.columns else { return nil }
            aheadIndex = index
            return row
        }
        return nil
    }

    /// Whether there is a line at an index of those read ahead.
    private func readAhead(to index: Int) throws(CorpusError) -> Bool {
        while index >= ahead.count {
            guard let bytes = try lines.next() else { return false }
            ahead.append((lines.line, Array(bytes)))
        }
        return true
    }
}
