/// Reads files of published collections line by line: what is wrong in one is an error with its place, as published files have no
/// wrong lines.
enum RecipeLines {
    /// Calls `parse` with every line that is not blank and its number, and `body` with what comes of it.
    static func forEach<Value>(
        _ file: InputFile, _ parse: (UnsafeRawBufferPointer, Int) throws(LineFault) -> Value?,
        _ body: (Value) throws(CorpusError) -> Void
    ) throws(CorpusError) {
        let lines = try LineReader(file: file)
        while let line = try lines.next() {
            if line.isBlank { continue }
            let value: Value?
            do throws(LineFault) {
                value = try parse(line, lines.line)
            } catch {
                throw .badLine(BadLine(place: SourceLine(file: file.shown, line: lines.line), reason: error.reason))
            }
            if let value { try body(value) }
        }
    }

    /// Calls `body` with every line that is not blank, and its number.
    static func forEach(
        _ file: InputFile, _ body: (UnsafeRawBufferPointer, Int) throws(LineFault) -> Void
    ) throws(CorpusError) {
        try forEach(
            file,
            { (line, number) throws(LineFault) -> Never? in
                try body(line, number)
                return nil
            }, { _ in })
    }

    /// The two columns of a row; nil for a first row that begins with one of the `headers`.
    ///
    /// - Parameter columns: what is expected, for people.
    static func pair(
        _ line: UnsafeRawBufferPointer, _ number: Int, expecting columns: String, headers: Set<String> = []
    ) throws(LineFault) -> (first: String, second: String)? {
        guard let tab = line.firstIndex(of: 0x09) else { throw LineFault("1 column, expected 2 (\(columns))") }
        let rest = UnsafeRawBufferPointer(rebasing: line[(tab + 1)...])
        let more = rest.count { $0 == 0x09 }
        guard more == 0 else { throw LineFault("\(more + 2) columns, expected 2 (\(columns))") }
        guard let first = String(validating: line[..<tab], as: UTF8.self),
            let second = String(validating: rest, as: UTF8.self)
        else { throw LineFault("invalid UTF-8") }
        if number == 1, headers.contains(first) { return nil }
        guard !first.isEmpty else { throw LineFault("missing id, expected \(columns)") }
        return (first, second)
    }

    /// The first line that is not blank, as text; what no text is reads as replacement characters.
    static func first(_ file: InputFile) throws(CorpusError) -> String {
        let lines = try LineReader(file: file)
        while let line = try lines.next() {
            if !line.isBlank { return String(decoding: line, as: UTF8.self) }
        }
        return ""
    }
}
