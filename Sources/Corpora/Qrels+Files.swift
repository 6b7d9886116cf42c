extension Qrels {
    /// The shapes of files of judgements.
    public enum Format: String, Sendable, CaseIterable {
        /// `query-id corpus-id score` under a header, separated by tabs.
        case beir
        /// `qid 0 docid rel`, which is also MS MARCO's.
        case trec
    }

    /// Reads BEIR judgements with their header, or TREC and MS MARCO ones with four columns,
    /// compressed or not; of a BEIR folder its `qrels/test.tsv`; of `-` standard input.
    ///
    /// Lines that begin with `#` are comments, but not under a header. A grade is read as far as its
    /// whole digits go, as trec_eval does; `onCutGrade` hears of those that lose something by it.
    ///
    /// - Throws: ``CorpusError`` for the first line that is no judgement and for a passage that has
    ///   two different grades for one question.
    public static func read(
        path: String, onCutGrade: (_ place: SourceLine, _ text: String) -> Void = { _, _ in }
    ) throws(CorpusError) -> Qrels {
        let path = try FolderMember.resolve(path, member: "qrels/test.tsv")
        let lines = try LineReader(path: path)
        var qrels = Qrels()
        var columns: [Range<Int>] = []
        var shape = QrelsLine.Shape.unknown
        while let line = try lines.next() {
            if line.isBlank || (line[0] == 0x23 && shape != .headed) { continue }
            let place = SourceLine(file: path, line: lines.line)
            do throws(LineFault) {
                guard let row = try QrelsLine(line, shape: &shape, columns: &columns) else { continue }
                let earlier = qrels.set(row.grade.grade, query: row.query, passage: row.passage)
                if row.grade.isCut { onCutGrade(place, row.gradeText) }
                if let earlier, earlier != row.grade.grade {
                    throw LineFault(
                        "\(row.passage) is graded \(row.grade.grade) here and \(earlier) earlier for "
                            + "\(row.query)")
                }
            } catch {
                throw .badLine(BadLine(place: place, reason: error.reason))
            }
        }
        guard !qrels.queryIDs.isEmpty else {
            throw .unrecognised(path: path, reason: "no judgements found")
        }
        return qrels
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
                    let query = try TRECColumn.text(query)
                    let passage = try TRECColumn.text(passage)
                    try file.append("\(query) 0 \(passage) \(grade)\n")
                }
            }
        }
        try file.finish()
    }
}
