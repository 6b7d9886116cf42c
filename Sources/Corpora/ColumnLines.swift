/// Reads files whose lines have a fixed number of columns, the first of which are identifiers.
enum ColumnLines {
    /// Tabs separate where they give the right number of columns, so that identifiers may hold spaces; otherwise any white
    /// space does. Blank lines are skipped, and lines that begin with `#` are comments.
    ///
    /// - Parameters:
    ///   - path: compressed or not; `-` is standard input.
    ///   - names: what the columns are called.
    ///   - body: gets the columns of a line, which it may not keep, and the line's number.
    /// - Throws: ``CorpusError/badLine(_:)`` for the first line that has another number of columns, or that `body` refuses.
    static func read(
        path: String, names: [String],
        _ body: (_ columns: [UnsafeRawBufferPointer], _ line: Int) throws(LineFault) -> Void
    ) throws(CorpusError) {
        let lines = try LineReader(path: FolderMember.standardInput(for: path) ?? path)
        while let line = try lines.next() {
            if line.isBlank || line[0] == 0x23 { continue }
            let columns = columns(of: line, expecting: names.count)
            do throws(LineFault) {
                guard columns.count == names.count else {
                    throw LineFault(
                        "\(columns.count) column\(columns.count == 1 ? "" : "s"), expected \(names.count) "
                            + "(\(names.joined(separator: ", ")))")
                }
                try body(columns, lines.line)
            } catch {
                throw .badLine(BadLine(place: SourceLine(file: lines.path, line: lines.line), reason: error.reason))
            }
        }
    }

    static func identifier(_ column: UnsafeRawBufferPointer) throws(LineFault) -> Identifier {
        guard let text = String(validating: column, as: UTF8.self) else { throw LineFault("invalid UTF-8") }
        guard !text.isEmpty else { throw LineFault("missing id") }
        return Identifier(text)
    }

    private static func columns(of line: UnsafeRawBufferPointer, expecting count: Int) -> [UnsafeRawBufferPointer] {
        let pieces = line.split(separator: 0x09, omittingEmptySubsequences: false)
        let atTabs = pieces.count == count ? pieces : line.split { TRECColumn.isSpace($0) }
        return atTabs.map { piece in
            var piece = piece
            while let first = piece.first, TRECColumn.isSpace(first) { piece.removeFirst() }
            while let last = piece.last, TRECColumn.isSpace(last) { piece.removeLast() }
            return UnsafeRawBufferPointer(rebasing: piece)
        }
    }
}
