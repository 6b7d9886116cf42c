/// Columns whose order is given by a header or known, quoted as by Python's csv module and RFC 4180.
struct HeadedTable: Sendable {
    let columns: Int
    /// Whether the number of tabs of a line tells that it is a row; commas stand in texts, too.
    var rowsTellThemselves: Bool { separator == Self.tab }
    let isQuoted: Bool
    private let separator: UInt8
    private let id: Int
    private let text: Int
    private let title: Int?
    /// The columns that are fields, by their names.
    private let others: [(name: String, column: Int)]

    private static let tab: UInt8 = 0x09
    private static let quote: UInt8 = 0x22
    private static let idNames: Set = ["id", "_id", "pid", "passage_id", "docid", "doc_id", "docno"]
    private static let textNames: Set = ["text", "contents", "content", "passage", "body"]

    /// Nil where the line is no header with an id and a text column.
    ///
    /// - Parameter allowsComma: takes commas and semicolons for separators where there is no tab.
    init?(header: [UInt8], allowsComma: Bool) {
        let separators: [UInt8] = header.contains(Self.tab) ? [Self.tab] : allowsComma ? [0x2c, 0x3b] : []
        for separator in separators {
            let fields = header.withUnsafeBytes { Self.fields($0, separator) }
            // What is longer names no column, and may be a text that is slow to compare.
            let names = fields.map {
                $0.count > 64 ? "" : WhiteSpace.collapsed(String(decoding: $0, as: UTF8.self)).lowercased()
            }
            guard let id = names.firstIndex(where: Self.idNames.contains),
                let text = names.firstIndex(where: Self.textNames.contains)
            else { continue }
            self.separator = separator
            self.id = id
            self.text = text
            let title = names.firstIndex(of: "title")
            self.title = title
            columns = names.count
            isQuoted = true
            let written = header.withUnsafeBytes { Self.fields($0, separator) }
            others = names.indices.filter { $0 != id && $0 != text && $0 != title && !names[$0].isEmpty }
                .map { (WhiteSpace.collapsed(String(decoding: written[$0], as: UTF8.self)), $0) }
            return
        }
        return nil
    }

    /// A table without a header, whose columns are known and parted by tabs alone.
    init(columns: Int, id: Int, text: Int, title: Int) {
        (self.columns, self.id, self.text, self.title) = (columns, id, text, title)
        separator = Self.tab
        isQuoted = false
        others = []
    }

    /// A record's columns, still as bytes.
    struct Row {
        var id: [UInt8]
        var title: [UInt8]
        var text: [UInt8]
        /// What is not empty of the other columns that have a name.
        var others: [(name: String, value: [UInt8])]
    }

    /// The columns of a record.
    ///
    /// A quote that is not closed is an ordinary character, and so are all quotes of a record that has
    /// the right number of tabs and with its quotes read would have another number of columns.
    func values(_ record: UnsafeRawBufferPointer) throws(LineFault) -> Row {
        var fields = isQuoted ? Self.fields(record, separator) : rawFields(record)
        if fields.count != columns, isQuoted, rowsTellThemselves, separatorCount(record) == columns - 1 {
            fields = rawFields(record).map(Self.unquoted)
        }
        guard fields.count == columns else {
            throw LineFault("\(fields.count) column\(fields.count == 1 ? "" : "s"), expected \(columns)")
        }
        return Row(
            id: fields[id], title: title.map { fields[$0] } ?? [], text: fields[text],
            others: others.compactMap { fields[$0.column].isEmpty ? nil : ($0.name, fields[$0.column]) })
    }

    /// Tabs or commas, in quotes or not.
    func separatorCount(_ line: UnsafeRawBufferPointer) -> Int { line.count { $0 == separator } }

    /// How many columns a record has with its quotes read.
    func columnCount(_ record: UnsafeRawBufferPointer) -> Int { Self.fields(record, separator).count }

    /// Where a line leaves the quotes.
    struct Quotes {
        /// The line ends inside a quoted column, so that the record may go on in the next.
        var isOpen: Bool
        /// A quote that was open at the line's start is closed in it.
        var closes = false
        /// Every quote closed in the line ends its column.
        var isClean = true
    }

    func quotes(_ line: UnsafeRawBufferPointer, startingOpen: Bool) -> Quotes {
        var state = Quotes(isOpen: startingOpen)
        guard isQuoted, startingOpen || line.contains(Self.quote) else { return state }
        var index = 0
        var isAtStart = !startingOpen
        while index < line.count {
            let byte = line[index]
            index += 1
            if state.isOpen {
                guard byte == Self.quote else { continue }
                if index < line.count, line[index] == Self.quote {
                    index += 1
                } else {
                    state.isOpen = false
                    state.closes = true
                    if index < line.count, line[index] != separator { state.isClean = false }
                }
            } else if byte == Self.quote, isAtStart {
                state.isOpen = true
            }
            isAtStart = byte == separator
        }
        return state
    }

    private func rawFields(_ record: UnsafeRawBufferPointer) -> [[UInt8]] {
        record.split(separator: separator, omittingEmptySubsequences: false).map { Array($0) }
    }

    /// A field without its quotes, where they are at both ends.
    private static func unquoted(_ field: [UInt8]) -> [UInt8] {
        guard field.first == quote, field.count > 1 else { return field }
        let read = field.withUnsafeBytes { fields($0, 0) }
        return read.count == 1 && field.last == quote ? read[0] : field
    }

    /// Splits a record.
    ///
    /// A quote that is not at the start of a column, or is never closed, is an ordinary character, and
    /// so is what follows a closing quote.
    ///
    /// - Complexity: O(bytes).
    private static func fields(_ record: UnsafeRawBufferPointer, _ separator: UInt8) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var index = 0
        var mayClose = true
        while true {
            if mayClose, index < record.count, record[index] == quote {
                if let end = appendQuoted(record, from: index + 1, to: &field) {
                    index = end
                } else {
                    field.removeAll(keepingCapacity: true)
                    mayClose = false
                }
            }
            let start = index
            while index < record.count, record[index] != separator { index += 1 }
            field.append(contentsOf: record[start..<index])
            fields.append(field)
            guard index < record.count else { return fields }
            field.removeAll(keepingCapacity: true)
            index += 1
        }
    }

    /// Appends what stands in quotes and returns the index behind the closing one, nil where there is none.
    private static func appendQuoted(
        _ record: UnsafeRawBufferPointer, from start: Int, to field: inout [UInt8]
    ) -> Int? {
        var index = start
        while index < record.count {
            if record[index] == quote {
                guard index + 1 < record.count, record[index + 1] == quote else { return index + 1 }
                index += 1
            }
            field.append(record[index])
            index += 1
        }
        return nil
    }
}
