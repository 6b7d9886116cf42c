/// Turns one record of a line-based format into a passage.
enum PassageParser: Sendable {
    case json
    case pair
    case table(HeadedTable)

    static let members = JSONLineReader(members: ["_id", "id", "title", "text", "contents"])

    func passage(
        _ record: UnsafeRawBufferPointer, allowTitleOnly: Bool
    ) throws(LineFault) -> Passage {
        let passage =
            switch self {
            case .json: try Self.json(record, allowTitleOnly: allowTitleOnly)
            case .pair: try Self.pair(record)
            case .table(let table): try Self.row(table.values(record))
            }
        guard !passage.id.isEmpty else { throw LineFault("missing id") }
        if passage.text.isBlank, !allowTitleOnly || passage.title.isBlank {
            throw LineFault("empty text")
        }
        return passage
    }

    private static func json(
        _ record: UnsafeRawBufferPointer, allowTitleOnly: Bool
    ) throws(LineFault) -> Passage {
        let values: [JSONLineValue?]
        do throws(JSONLineError) {
            values = try members.read(record)
        } catch {
            throw LineFault(error.description)
        }
        let id =
            switch values[0] ?? values[1] {
            case .string(let id), .number(let id): id
            case .other(let kind): throw LineFault("the id is \(kind), expected a string or a number")
            case nil: throw LineFault("missing id")
            }
        let title = try string(values[2], name: "title") ?? ""
        guard let text = try string(values[3] ?? values[4], name: "text") ?? (allowTitleOnly ? "" : nil)
        else { throw LineFault("missing text") }
        return Passage(id: id, title: title, text: text)
    }

    private static func string(
        _ value: JSONLineValue?, name: String
    ) throws(LineFault) -> String? {
        switch value {
        case .string(let string): return string
        case .number: throw LineFault("the \(name) is a number, expected a string")
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
        else { throw LineFault("invalid UTF-8") }
        return Passage(id: id, text: text)
    }

    private static func row(
        _ row: (id: [UInt8], title: [UInt8], text: [UInt8])
    ) throws(LineFault) -> Passage {
        guard let id = String(validating: row.id, as: UTF8.self),
            let title = String(validating: row.title, as: UTF8.self),
            let text = String(validating: row.text, as: UTF8.self)
        else { throw LineFault("invalid UTF-8") }
        return Passage(id: id, title: title, text: text)
    }
}

extension String {
    /// Whether there is nothing but ASCII white space.
    var isBlank: Bool { utf8.allSatisfy { $0 == 0x20 || 0x09...0x0d ~= $0 } }
}
