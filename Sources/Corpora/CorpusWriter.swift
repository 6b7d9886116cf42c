/// Writes a BEIR `corpus.jsonl` passage by passage; the file appears when it is finished.
public struct CorpusWriter: ~Copyable, Sendable {
    private var file: AtomicFile
    /// Passages written so far.
    public private(set) var count = 0

    public init(path: String) throws(CorpusError) {
        file = try AtomicFile(path: path)
    }

    public mutating func write(_ passage: Passage) throws(CorpusError) {
        try file.append { bytes in
            bytes.append(contentsOf: "{\"_id\": ".utf8)
            JSONEscapes.append(passage.id, to: &bytes)
            bytes.append(contentsOf: ", \"title\": ".utf8)
            JSONEscapes.append(passage.title, to: &bytes)
            bytes.append(contentsOf: ", \"text\": ".utf8)
            JSONEscapes.append(passage.text, to: &bytes)
            // An object of fields begins with a brace and ends with one.
            if !passage.fields.isEmpty {
                bytes.append(contentsOf: ", ".utf8)
                bytes.append(contentsOf: passage.fields.utf8.dropFirst().dropLast())
            }
            bytes.append(contentsOf: "}\n".utf8)
        }
        count += 1
    }

    /// Completes the file; without it nothing is left at the path.
    public mutating func finish() throws(CorpusError) {
        try file.finish()
    }
}
