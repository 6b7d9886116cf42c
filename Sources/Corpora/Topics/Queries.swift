/// Reads and writes files of questions.
public enum Queries {
    /// Reads questions, compressed or not, in whatever of these shapes the content has: lines of JSON or a
    /// JSON array (``TopicJSON``), TREC topics (``TopicMarkup``), tables of tab-separated columns and plain
    /// lists of questions (``TopicTable``); of a BEIR folder its `queries.jsonl`, of `-` standard input.
    ///
    /// A question without text is one of them, as an evaluation counts it.
    ///
    /// - Throws: ``CorpusError`` for the first line that gives no question, for an identifier that
    ///   stands twice and for a file without questions.
    public static func read(path: String) throws(CorpusError) -> [Query] {
        let path = try FolderMember.resolve(path, member: "queries.jsonl")
        var queries: [Query] = []
        var places: [Identifier: Int] = [:]
        try TopicReader(path: path).forEach { (query, line) throws(CorpusError) in
            if let first = places.updateValue(line, forKey: query.id) {
                throw .duplicate(
                    id: query.id.string, first: SourceLine(file: path, line: first),
                    second: SourceLine(file: path, line: line))
            }
            queries.append(query)
        }
        guard !queries.isEmpty else { throw .unrecognised(path: path, reason: "no questions found") }
        return queries
    }

    /// Reads queries that passages carry: the same shapes, where the identifier is the passage's and may
    /// stand any number of times; those without text are left out.
    public static func readOfPassages(path: String) throws(CorpusError) -> [Identifier: [String]] {
        let path = try FolderMember.resolve(path, member: "queries.jsonl")
        var carried: [Identifier: [String]] = [:]
        var isEmpty = true
        try TopicReader(path: path, needsIdentifiers: true).forEach { (query, _) throws(CorpusError) in
            isEmpty = false
            if !query.text.isBlank { carried[query.id, default: []].append(query.text) }
        }
        guard !isEmpty else { throw .unrecognised(path: path, reason: "no questions found") }
        return carried
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
}
