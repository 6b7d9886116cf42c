/// The judgements of one set of questions, in the order of their file.
///
/// Some hundred bytes for each, so that millions fit in memory; of passages that nobody judged it knows nothing.
final class JudgementTable {
    private struct Row {
        let query, passage: Int32
        var grade: Int32
    }

    /// The judged questions, in the order of the file.
    private(set) var queries: [Identifier] = []
    /// Judgements that were added, those that stand twice included.
    private(set) var lines = 0
    /// Judgements that stood before; the last one counts, as in BEIR's reader.
    private(set) var repeated = 0
    /// Whether further judgements are passed over: all are known.
    var isComplete = false

    private var passages: [Identifier] = []
    private var rows: [Row] = []
    private var queryNumbers: [Identifier: Int32] = [:]
    private var passageNumbers: [Identifier: Int32] = [:]
    private var places: [UInt64: Int] = [:]
    private var isFound: [Bool] = []

    var count: Int { rows.count }

    /// Amortised O(1).
    func add(_ grade: Int, query: Identifier, passage: Identifier) {
        guard !isComplete else { return }
        lines += 1
        let row = Row(
            query: Self.number(of: query, &queryNumbers, &queries),
            passage: Self.number(of: passage, &passageNumbers, &passages), grade: Int32(clamping: grade))
        let key = UInt64(UInt32(bitPattern: row.query)) << 32 | UInt64(UInt32(bitPattern: row.passage))
        if let place = places.updateValue(rows.count, forKey: key) {
            repeated += 1
            places[key] = place
            rows[place].grade = row.grade
        } else {
            rows.append(row)
        }
    }

    /// Adds what stands in a file: BEIR's three columns under a header, or the four of TREC and MS MARCO.
    func read(_ file: InputFile) throws(CorpusError) {
        var shape = QrelsLine.Shape.unknown
        var columns: [Range<Int>] = []
        try RecipeLines.forEach(file) { (line, _) throws(LineFault) in
            guard let row = try QrelsLine(line, shape: &shape, columns: &columns) else { return }
            add(row.grade.grade, query: row.query, passage: row.passage)
        }
    }

    func isJudged(query: Identifier) -> Bool { queryNumbers[query] != nil }
    func isJudged(passage: Identifier) -> Bool { passageNumbers[passage] != nil }

    /// Keeps the judgements of some questions only.
    func keep(_ kept: Set<Identifier>) {
        let old = (queries, passages, rows)
        (queries, passages, rows, queryNumbers, passageNumbers, places) = ([], [], [], [:], [:], [:])
        for row in old.2 where kept.contains(old.0[Int(row.query)]) {
            rows.append(
                Row(
                    query: Self.number(of: old.0[Int(row.query)], &queryNumbers, &queries),
                    passage: Self.number(of: old.1[Int(row.passage)], &passageNumbers, &passages), grade: row.grade))
        }
    }

    /// Remembers that a passage is in the corpus.
    func found(passage: Identifier) {
        guard let number = passageNumbers[passage] else { return }
        if isFound.count < passages.count { isFound += Array(repeating: false, count: passages.count - isFound.count) }
        isFound[Int(number)] = true
    }

    /// Judged passages that nobody found, in the order of the file.
    var missing: [Identifier] {
        passages.indices.filter { $0 >= isFound.count || !isFound[$0] }.map { passages[$0] }
    }

    /// Writes BEIR's three columns.
    func write(to path: String) throws(CorpusError) {
        var file = try AtomicFile(path: path)
        try file.append("query-id\tcorpus-id\tscore\n")
        for row in rows {
            try file.append("\(queries[Int(row.query)])\t\(passages[Int(row.passage)])\t\(row.grade)\n")
        }
        try file.finish()
    }

    private static func number(
        of id: Identifier, _ numbers: inout [Identifier: Int32], _ ids: inout [Identifier]
    ) -> Int32 {
        if let number = numbers[id] { return number }
        let number = Int32(ids.count)
        numbers[id] = number
        ids.append(id)
        return number
    }
}
