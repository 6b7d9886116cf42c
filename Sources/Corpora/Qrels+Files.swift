extension Qrels {
    /// The shapes of files of judgements.
    public enum Format: String, Sendable, CaseIterable {
        /// `query-id corpus-id score` under a header, separated by tabs.
        case beir
        /// `qid 0 docid rel`, which is also MS MARCO's.
        case trec
    }

    /// Reads BEIR judgements with their header, or TREC and MS MARCO ones with four columns,
    /// compressed or not; of a BEIR folder its `qrels/test.tsv`.
    ///
    /// - Throws: ``CorpusError`` for the first line that is no judgement and for a passage that has
    ///   two different grades for one question.
    public static func read(path: String) throws(CorpusError) -> Qrels {
        let path = try FolderMember.resolve(path, member: "qrels/test.tsv")
        let lines = try LineReader(path: path)
        var qrels = Qrels()
        var isFirst = true
        while let line = try lines.next() {
            if line.isBlank { continue }
            let place = SourceLine(file: path, line: lines.line)
            func bad(_ reason: String) -> CorpusError {
                .badLine(BadLine(place: place, reason: reason))
            }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw bad("invalid UTF-8")
            }
            let columns = columns(of: text)
            guard columns.count == 3 || columns.count == 4 else {
                let count = "\(columns.count) column\(columns.count == 1 ? "" : "s")"
                throw bad("\(count), expected query-id, corpus-id and score or qid, 0, docid and rel")
            }
            defer { isFirst = false }
            guard let grade = Int(columns[columns.count - 1]) else {
                if isFirst, columns.count == 3 { continue }
                throw bad("the grade \"\(columns[columns.count - 1])\" is no whole number")
            }
            let (query, passage) = (String(columns[0]), String(columns[columns.count - 2]))
            guard !query.isEmpty, !passage.isEmpty else { throw bad("missing id") }
            if let earlier = qrels.set(grade, query: query, passage: passage), earlier != grade {
                throw bad("\(passage) is graded \(grade) here and \(earlier) earlier for \(query)")
            }
        }
        guard !qrels.queryIDs.isEmpty else {
            throw .unrecognised(path: path, reason: "no judgements found")
        }
        return qrels
    }

    /// Tabs separate where they give the right number of columns, so that identifiers may hold
    /// spaces; otherwise any white space does.
    private static func columns(of text: String) -> [Substring] {
        let byTab = text.split(separator: "\t", omittingEmptySubsequences: false)
        if byTab.count == 3 || byTab.count == 4 { return byTab }
        return text.split { $0 == " " || $0 == "\t" }
    }

    /// Writes the judgements in the order in which they were set.
    public func write(to path: String, format: Format = .beir) throws(CorpusError) {
        var file = try AtomicFile(path: path)
        if format == .beir { try file.append("query-id\tcorpus-id\tscore\n") }
        for query in queryIDs {
            for (passage, grade) in judgements(of: query) {
                switch format {
                case .beir: try file.append("\(query)\t\(passage)\t\(grade)\n")
                case .trec:
                    let query = try TRECRun.column(query)
                    let passage = try TRECRun.column(passage)
                    try file.append("\(query) 0 \(passage) \(grade)\n")
                }
            }
        }
        try file.finish()
    }
}
