import Foundation

/// Reads and writes files of questions.
public enum Queries {
    private static let members = JSONLineReader(
        members: ["_id", "id", "qid", "query_id", "text", "query", "question"])

    /// Reads lines of JSON (`_id`, `id`, `qid` or `query_id`; `text`, `query` or `question`) or of
    /// `qid<TAB>text`, compressed or not; of a BEIR folder its `queries.jsonl`.
    ///
    /// - Throws: ``CorpusError`` for the first line that gives no question, for an identifier that
    ///   stands twice and for a file without questions.
    public static func read(path: String) throws(CorpusError) -> [Query] {
        try read(path: path, allowingRepeats: false)
    }

    /// Reads queries that passages carry: the same lines, where the identifier is the passage's and may
    /// stand any number of times.
    public static func readOfPassages(path: String) throws(CorpusError) -> [Identifier: [String]] {
        let queries = try read(path: path, allowingRepeats: true)
        return Dictionary(grouping: queries, by: \.id).mapValues { $0.map(\.text) }
    }

    private static func read(path: String, allowingRepeats: Bool) throws(CorpusError) -> [Query] {
        let path = try FolderMember.resolve(path, member: "queries.jsonl")
        let lines = try LineReader(path: path)
        var queries: [Query] = []
        var places: [Identifier: Int] = [:]
        var isJSON: Bool?
        while let line = try lines.next() {
            if line.isBlank { continue }
            let place = SourceLine(file: path, line: lines.line)
            let usesJSON = isJSON ?? (line.first { $0 != 0x20 && $0 != 0x09 } == 0x7b)
            isJSON = usesJSON
            let query: Query
            do throws(LineFault) {
                query = usesJSON ? try json(line) : try pair(line)
            } catch {
                throw .badLine(BadLine(place: place, reason: error.reason))
            }
            if !allowingRepeats, let first = places.updateValue(lines.line, forKey: query.id) {
                throw .duplicate(
                    id: query.id.string, first: SourceLine(file: path, line: first), second: place)
            }
            queries.append(query)
        }
        guard !queries.isEmpty else {
            throw .unrecognised(path: path, reason: "no questions found")
        }
        return queries
    }

    /// Writes a BEIR `queries.jsonl`.
    public static func write(_ queries: [Query], to path: String) throws(CorpusError) {
        var file = try AtomicFile(path: path)
        for query in queries {
            try file.append { bytes in
                bytes.append(contentsOf: "{\"_id\": ".utf8)
                JSONEscapes.append(query.id.string, to: &bytes)
                bytes.append(contentsOf: ", \"text\": ".utf8)
                JSONEscapes.append(query.text, to: &bytes)
                bytes.append(contentsOf: "}\n".utf8)
            }
        }
        try file.finish()
    }

    private static func json(_ line: UnsafeRawBufferPointer) throws(LineFault) -> Query {
        let values: [JSONLineValue?]
        do throws(JSONLineError) {
            values = try members.read(line)
        } catch {
            throw LineFault(error.description)
        }
        let id: String
        switch values[..<4].lazy.compactMap({ $0 }).first {
        case .string(let text), .number(let text): id = text
        default: throw LineFault("missing id, expected _id, id, qid or query_id")
        }
        guard case .string(let text) = values[4...].lazy.compactMap({ $0 }).first else {
            throw LineFault("missing text, expected text, query or question")
        }
        return try checked(Query(id: Identifier(id), text: text))
    }

    private static func pair(_ line: UnsafeRawBufferPointer) throws(LineFault) -> Query {
        guard let text = String(validating: line, as: UTF8.self) else {
            throw LineFault("invalid UTF-8")
        }
        let columns = text.split(separator: "\t", omittingEmptySubsequences: false)
        guard columns.count == 2 else {
            throw LineFault(
                "\(columns.count) column\(columns.count == 1 ? "" : "s"), expected 2 (qid<TAB>text)")
        }
        return try checked(Query(id: Identifier(columns[0]), text: String(columns[1])))
    }

    private static func checked(_ query: Query) throws(LineFault) -> Query {
        if query.id.isEmpty { throw LineFault("missing id") }
        if query.text.isBlank { throw LineFault("empty text") }
        return query
    }
}
