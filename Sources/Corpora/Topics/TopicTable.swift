/// Questions in lines: `qid<TAB>text`, columns under a header, DPR's questions with answers, or a question
/// a line.
struct TopicTable {
    /// How many lines tell the shape.
    static let sampleSize = 20

    private enum Layout {
        /// `qid<TAB>text`; further tabs belong to the text.
        case pair
        /// A question a line, named by the line's number.
        case list
        /// Columns, in quotes where they need them; without an identifier a question is named by its
        /// place, from 0, as DPR's are.
        case columns(id: Int?, text: Int, count: Int?, separator: UInt8)
    }

    let hasHeader: Bool
    private let layout: Layout

    var hasIdentifiers: Bool {
        switch layout {
        case .pair: true
        case .list: false
        case .columns(let id, _, _, _): id != nil
        }
    }

    private static let identifiers: Set<String> = [
        "id", "_id", "qid", "query_id", "query-id", "queryid", "question_id", "topic_id", "topic-id", "topicid",
        "number",
    ]
    private static let texts = ["text", "query", "question", "title", "query_text", "questions"]
    private static let answers: Set<String> = ["answers", "answer"]

    init(sample: [[UInt8]]) {
        if let first = sample.first, let header = Self.header(first) {
            layout = header
            hasHeader = true
            return
        }
        hasHeader = false
        let rows = sample.map { DelimitedRow.fields($0, separator: 0x09) }
        if rows.allSatisfy({ $0.count == 2 && Self.isList($0[1]) }) {
            layout = .columns(id: nil, text: 0, count: nil, separator: 0x09)
        } else if rows.allSatisfy({ $0.count == 3 && Self.isList($0[2]) }) {
            layout = .columns(id: 0, text: 1, count: nil, separator: 0x09)
        } else {
            layout = sample.contains { $0.contains(0x09) } ? .pair : .list
        }
    }

    /// The question of a line.
    ///
    /// - Parameters:
    ///   - line: the line's number in the file.
    ///   - position: how many questions stand before it.
    func query(_ bytes: UnsafeRawBufferPointer, line: Int, position: Int) throws(LineFault) -> Query {
        let query: Query
        switch layout {
        case .list:
            query = Query(id: "\(line)", text: try Self.text(Array(bytes)))
        case .pair:
            guard let tab = bytes.firstIndex(of: 0x09) else {
                // An editor that cuts white space at the ends of lines leaves an identifier alone.
                guard !bytes.contains(where: TRECColumn.isSpace) else {
                    throw LineFault("1 column, expected 2 (qid<TAB>text)")
                }
                return Query(id: Identifier(try Self.text(Array(bytes))), text: "")
            }
            let text = try Self.text(Array(bytes[(tab + 1)...]))
            query = Query(
                id: Identifier(try Self.text(Array(bytes[..<tab]))),
                text: text.utf8.contains(0x09) ? text.split(separator: "\t").joined(separator: " ") : text)
        case .columns(let id, let text, let count, let separator):
            let fields = DelimitedRow.fields(Array(bytes), separator: separator)
            guard fields.count == count ?? fields.count, fields.count > max(id ?? 0, text) else {
                throw LineFault("\(fields.count) columns, expected \(count ?? max(id ?? 0, text) + 1)")
            }
            query = Query(
                id: try id.map { (column) throws(LineFault) in Identifier(try Self.text(fields[column])) }
                    ?? "\(position)",
                text: try Self.text(fields[text]))
        }
        guard !query.id.isEmpty else { throw LineFault("missing id") }
        return query
    }

    /// The longest name of a column that is looked at, in bytes.
    private static let longestName = 64

    /// The layout that a header names; nil where the line is none.
    private static func header(_ line: [UInt8]) -> Layout? {
        for separator: UInt8 in [0x09, 0x2c] where line.contains(separator) {
            // What is longer names no column, and may be a text that is slow to compare.
            let names = DelimitedRow.fields(line, separator: separator).map {
                $0.count > longestName ? "" : String(decoding: $0, as: UTF8.self).lowercased().trimmed
            }
            guard let text = texts.lazy.compactMap({ names.firstIndex(of: $0) }).first else { continue }
            let id = names.firstIndex { identifiers.contains($0) }
            guard id != nil || names.contains(where: answers.contains) else { continue }
            return .columns(id: id, text: text, count: names.count, separator: separator)
        }
        return nil
    }

    /// Whether a column is a list of answers as Python or JSON writes it.
    private static func isList(_ field: [UInt8]) -> Bool {
        // In bytes: Swift's characters take long where marks pile up.
        let text = Array(String(decoding: field, as: UTF8.self).trimmed.utf8)
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return false }
        return text.count == 2 || text[1] == UInt8(ascii: "'") || text[1] == UInt8(ascii: "\"")
    }

    private static func text(_ bytes: [UInt8]) throws(LineFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw LineFault("invalid UTF-8") }
        return text.trimmed
    }
}
