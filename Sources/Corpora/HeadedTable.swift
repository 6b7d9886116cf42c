/// Tab-separated columns whose order is given by a header, quoted as by Python's csv module.
struct HeadedTable: Sendable {
    private let columns: Int
    private let id: Int
    private let text: Int
    private let title: Int?

    /// Nil where the line is no header with an id and a text column.
    init?(header: [UInt8]) {
        guard header.contains(0x09), let fields = header.withUnsafeBytes({ Self.fields($0) }) else {
            return nil
        }
        let names = fields.map { String(decoding: $0, as: UTF8.self).lowercased() }
        func column(_ accepted: [String]) -> Int? {
            names.firstIndex { accepted.contains($0) }
        }
        guard let id = column(["id", "_id", "pid", "passage_id"]),
            let text = column(["text", "contents", "passage"])
        else { return nil }
        self.id = id
        self.text = text
        title = column(["title"])
        columns = names.count
    }

    /// The id, title and text of a record, still as bytes.
    func values(
        _ record: UnsafeRawBufferPointer
    ) throws(LineFault) -> (id: [UInt8], title: [UInt8], text: [UInt8]) {
        guard let fields = Self.fields(record) else {
            throw LineFault("a quoted column is not closed")
        }
        guard fields.count == columns else {
            throw LineFault("\(fields.count) columns, expected \(columns)")
        }
        return (fields[id], title.map { fields[$0] } ?? [], fields[text])
    }

    /// Splits a record; nil where a quote opens a column and is not closed.
    ///
    /// A quote that is not at the start of a column is an ordinary character, and so is what
    /// follows a closing quote.
    private static func fields(_ record: UnsafeRawBufferPointer) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var index = 0
        while true {
            if index < record.count, record[index] == 0x22 {
                index += 1
                while true {
                    guard index < record.count else { return nil }
                    if record[index] == 0x22 {
                        guard index + 1 < record.count, record[index + 1] == 0x22 else { break }
                        index += 1
                    }
                    field.append(record[index])
                    index += 1
                }
                index += 1
            }
            let start = index
            while index < record.count, record[index] != 0x09 { index += 1 }
            field.append(contentsOf: record[start..<index])
            fields.append(field)
            guard index < record.count else { return fields }
            field.removeAll(keepingCapacity: true)
            index += 1
        }
    }

    /// Whether a record ends inside a quoted column, so that it goes on in the next line.
    static func isOpen(_ record: UnsafeRawBufferPointer) -> Bool {
        record.contains(0x22) && fields(record) == nil
    }
}
