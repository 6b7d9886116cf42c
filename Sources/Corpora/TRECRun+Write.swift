extension TRECRun {
    /// The shapes in which a run is written.
    public enum Format: String, Sendable, CaseIterable {
        /// `qid Q0 docid rank score tag`.
        case trec
        /// `qid<TAB>pid<TAB>rank`.
        case msmarco
        /// A JSON object a question: `{"id", "hits": [{"id", "rank", "score"}]}`.
        case json
    }

    /// Writes the run in the order of its lists, ranks from 1; the file appears when it is complete.
    ///
    /// In the TREC format the written scores never contradict that order under trec_eval's rule
    /// (score descending in double or in single precision, then identifier descending): a score that would tie
    /// with or exceed the one before it is lowered to the next smaller number with six decimals that
    /// sorts behind. Scores that already agree with the order are only rounded.
    ///
    /// - Throws: ``CorpusError`` where the file cannot be written, where an identifier has white
    ///   space in it and where a score is no number.
    public func write(to path: String, format: Format = .trec) throws(CorpusError) {
        var file = try AtomicFile(path: path)
        for query in queryIDs {
            let entries = results[query] ?? []
            switch format {
            case .trec: try forEachTRECLine(query, entries) { line throws(CorpusError) in try file.append(line) }
            case .msmarco:
                let id = try TRECColumn.text(query)
                for (index, entry) in entries.enumerated() {
                    try file.append("\(id)\t\(try TRECColumn.text(entry.passage))\t\(index + 1)\n")
                }
            case .json: try Self.writeJSON(query, entries, to: &file)
            }
        }
        try file.finish()
    }

    /// The run in the TREC format, as ``write(to:format:)`` writes it.
    ///
    /// - Throws: as ``write(to:format:)``.
    public func text() throws(CorpusError) -> String {
        var text = ""
        for query in queryIDs { try forEachTRECLine(query, results[query] ?? []) { line in text += line } }
        return text
    }

    private func forEachTRECLine(
        _ query: Identifier, _ entries: [Entry], _ body: (String) throws(CorpusError) -> Void
    ) throws(CorpusError) {
        let id = try TRECColumn.text(query)
        let name = tag.isEmpty ? "genret" : tag.split(whereSeparator: \.isWhitespace).joined(separator: "_")
        var previous: Entry?
        for (index, entry) in entries.enumerated() {
            _ = try TRECColumn.text(entry.passage)
            let passage = entry.passage
            guard let score = WrittenScore(entry, behind: previous) else {
                throw .unwritableValue(
                    "the score \(entry.score) of \(passage) for \(query) cannot be written in a run")
            }
            try body("\(id) Q0 \(passage) \(index + 1) \(score.text) \(name)\n")
            previous = Entry(passage: passage, score: score.value)
        }
    }

    private static func writeJSON(
        _ query: Identifier, _ entries: [Entry], to file: inout AtomicFile
    ) throws(CorpusError) {
        for entry in entries where !entry.score.isFinite {
            throw .unwritableValue(
                "the score \(entry.score) of \(entry.passage) for \(query) cannot be written in a run")
        }
        try file.append { bytes in
            bytes.append(contentsOf: "{\"id\": ".utf8)
            JSONEscapes.append(query.string, to: &bytes)
            bytes.append(contentsOf: ", \"hits\": [".utf8)
            for (index, entry) in entries.enumerated() {
                bytes.append(contentsOf: "\(index == 0 ? "" : ", "){\"id\": ".utf8)
                JSONEscapes.append(entry.passage.string, to: &bytes)
                bytes.append(
                    contentsOf: ", \"rank\": \(index + 1), \"score\": \(entry.score)}".utf8)
            }
            bytes.append(contentsOf: "]}\n".utf8)
        }
    }
}
