/// Turns one record of a line-based format into a passage.
enum PassageParser: Sendable {
    case json
    case pair
    case table(HeadedTable)

    private static let idNames = ["_id", "id", "docid", "doc_id", "docno", "pid", "passage_id"]
    private static let titleNames = ["title", "wikipedia_title"]
    private static let textNames = ["text", "contents", "content", "passage", "body"]
    static let members = JSONLineReader(members: idNames + titleNames + textNames, joinsLists: true)

    func passage(
        _ record: UnsafeRawBufferPointer, allowTitleOnly: Bool
    ) throws(LineFault) -> Passage {
        let passage = try parsed(record)
        guard passage.text.isBlank else { return passage }
        guard !passage.title.isBlank else { throw LineFault("empty text") }
        guard allowTitleOnly else { throw LineFault(BadLine.titleOnly) }
        return passage
    }

    /// A passage that may have no text.
    func parsed(_ record: UnsafeRawBufferPointer) throws(LineFault) -> Passage {
        let passage =
            switch self {
            case .json: try Self.json(record)
            case .pair: try Self.pair(record)
            case .table(let table): try Self.row(table.values(record))
            }
        guard !passage.id.isEmpty else { throw LineFault("missing id") }
        return passage
    }

    /// Whether an object has the members of a passage, and whether the id is called `_id`.
    static func shape(of record: UnsafeRawBufferPointer) -> (isPassage: Bool, usesUnderscore: Bool)? {
        guard let values = try? members.read(record) else { return nil }
        let (ids, titles, texts) = parts(of: values)
        let hasText = texts.contains { $0 != nil } || titles.contains { $0 != nil }
        return (ids.contains { $0 != nil } && hasText, values[0] != nil)
    }

    /// What is wrong with a line of JSON, nil where nothing is.
    static func error(in record: [UInt8]) -> JSONLineError? {
        record.withUnsafeBytes { bytes in
            do throws(JSONLineError) {
                _ = try members.read(bytes)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Whether something of which only the start is known names an id and a text.
    static func namesMembers(_ text: String) -> Bool {
        idNames.contains { text.contains("\"\($0)\"") } && textNames.contains { text.contains("\"\($0)\"") }
    }

    private static func parts(
        of values: [JSONLineValue?]
    ) -> (ids: ArraySlice<JSONLineValue?>, titles: ArraySlice<JSONLineValue?>, texts: ArraySlice<JSONLineValue?>) {
        let titles = idNames.count..<(idNames.count + titleNames.count)
        return (values[..<titles.lowerBound], values[titles], values[titles.upperBound...])
    }

    private static func json(_ record: UnsafeRawBufferPointer) throws(LineFault) -> Passage {
        let values: [JSONLineValue?]
        var others: [JSONLineReader.Member] = []
        do throws(JSONLineError) {
            values = try members.read(record) { others.append($0) }
        } catch {
            throw LineFault(error.description, next: error.next)
        }
        let (ids, titles, texts) = parts(of: values)
        // Of several members that could be the id, the title or the text the first is, and the others are fields.
        let used = [ids, titles, texts].map { part in part.indices.first { part[$0] != nil } }
        others.removeAll { $0.place != nil && used.contains($0.place) }
        let id =
            switch first(ids) {
            case .string(let id), .number(let id): id
            case .other(let kind): throw LineFault("the id is \(kind), expected a string or a number")
            case nil: throw LineFault("missing id")
            }
        let title = try string(first(titles), name: "title") ?? ""
        let text = try string(first(texts), name: "text")
        guard text != nil || !title.isBlank else { throw LineFault("missing text") }
        return Passage(id: id, title: title, text: text ?? "", fields: RecordFields.json(others, of: record))
    }

    private static func first(_ values: ArraySlice<JSONLineValue?>) -> JSONLineValue? {
        for value in values { if let value { return value } }
        return nil
    }

    private static func string(
        _ value: JSONLineValue?, name: String
    ) throws(LineFault) -> String? {
        switch value {
        case .string(let string), .number(let string): return string
        case .other(let kind): throw LineFault("the \(name) is \(kind), expected a string")
        case nil: return nil
        }
    }

    private static func pair(_ record: UnsafeRawBufferPointer) throws(LineFault) -> Passage {
        guard let tab = record.firstIndex(of: 0x09) else {
            throw LineFault("1 column, expected 2 (pid<TAB>text)")
        }
        let rest = UnsafeRawBufferPointer(rebasing: record[(tab + 1)...])
        let extra = rest.count { $0 == 0x09 }
        guard extra == 0 else {
            throw LineFault("\(extra + 2) columns, expected 2 (pid<TAB>text)")
        }
        guard
            let id = String(
                validating: UnsafeRawBufferPointer(rebasing: record[..<tab]), as: UTF8.self),
            let text = String(validating: rest, as: UTF8.self)
        else { throw LineFault(invalid) }
        return Passage(id: id, text: text)
    }

    private static func row(_ row: HeadedTable.Row) throws(LineFault) -> Passage {
        guard let id = String(validating: row.id, as: UTF8.self),
            let title = String(validating: row.title, as: UTF8.self),
            let text = String(validating: row.text, as: UTF8.self)
        else { throw LineFault(invalid) }
        return Passage(id: id, title: title, text: text, fields: RecordFields.json(row.others))
    }

    private static let invalid = "invalid UTF-8, perhaps Latin-1 or Windows-1252"
}

extension String {
    /// Whether there is nothing but white space.
    var isBlank: Bool {
        if let first = utf8.first, 0x21..<0x7f ~= first { return false }
        return unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}
