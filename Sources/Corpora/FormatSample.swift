/// The first lines of a file, from which its format is recognised.
struct FormatSample {
    /// A few broken lines at the start must not hide the format of the rest.
    private static let wanted = 20

    private let path: String
    private var lines: [[UInt8]] = []

    init(path: String) throws(CorpusError) {
        self.path = path
        let reader = try LineReader(path: path, chunkSize: 1 << 16)
        while lines.count < Self.wanted, let line = try reader.next() {
            if !line.isBlank { lines.append(Array(line)) }
        }
    }

    /// Whether at least one line is a JSON object with an id and a text.
    var holdsPassages: Bool {
        lines.contains { line in
            let values = try? line.withUnsafeBytes { try PassageParser.members.read($0) }
            guard let values else { return false }
            return values[..<2].contains { $0 != nil } && values[3...].contains { $0 != nil }
        }
    }

    /// The format of a single file.
    func format(isTextName: Bool) throws(CorpusError) -> CorpusFormat {
        guard let first = lines.first else { throw .empty(path: path, badLines: 0, first: nil) }
        guard !lines.contains(where: { $0.contains(0) }) else {
            throw .unrecognised(path: path, reason: "the content is not text")
        }
        let objects = lines.count { $0.first { $0 != 0x20 && $0 != 0x09 } == 0x7b }
        if objects * 2 >= lines.count { return jsonFormat }
        if HeadedTable(header: first) != nil { return .headedTable }
        let pairs = lines.count { line in
            line.count { $0 == 0x09 } == 1 && line.first != 0x09
        }
        if pairs * 2 >= lines.count { return .msMarco }
        if isTextName { return .textFile }
        throw .unrecognised(path: path, reason: complaint)
    }

    private var jsonFormat: CorpusFormat {
        let usesUnderscore = lines.contains { line in
            let values = try? line.withUnsafeBytes { try PassageParser.members.read($0) }
            return values?[0] != nil
        }
        return usesUnderscore ? .beirLines : .jsonLines
    }

    private var complaint: String {
        let expected =
            "expected lines of JSON with id and text, lines of pid<TAB>text, or a tab-separated "
            + "table with a header that names id and text"
        if lines.first?.first == 0x5b { return "the file is a JSON array, \(expected)" }
        let columns = (lines.first.map { $0.count { $0 == 0x09 } } ?? 0) + 1
        if columns > 2 { return "the file has \(columns) columns and no header, \(expected)" }
        return "the format is not known, \(expected)"
    }
}
