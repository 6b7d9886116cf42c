extension TRECRun {
    /// Reads a TREC run of six columns, compressed or not.
    ///
    /// The lists keep the order of the file; ``sortedByScore()`` gives trec_eval's.
    ///
    /// - Throws: ``CorpusError`` for the first line that is wrong and for a passage that stands
    ///   twice under one question.
    public static func read(path: String) throws(CorpusError) -> TRECRun {
        let lines = try LineReader(path: path)
        var run = TRECRun(tag: "")
        var lists: [String: [Entry]] = [:]
        var places: [String: [String: Int32]] = [:]
        var order: [String] = []
        while let line = try lines.next() {
            if line.isBlank { continue }
            let place = SourceLine(file: path, line: lines.line)
            let row: Row
            do throws(LineFault) {
                row = try Row(line)
            } catch {
                throw .badLine(BadLine(place: place, reason: error.reason))
            }
            if run.tag.isEmpty { run.tag = row.tag }
            if lists[row.query] == nil { order.append(row.query) }
            lists[row.query, default: []].append(row.entry)
            let earlier = places[row.query, default: [:]].updateValue(
                Int32(clamping: lines.line), forKey: row.entry.passage)
            if let earlier {
                throw .duplicate(
                    id: "\(row.query) \(row.entry.passage)",
                    first: SourceLine(file: path, line: Int(earlier)), second: place)
            }
        }
        guard !order.isEmpty else {
            throw .unrecognised(path: path, reason: "no lines of a run found")
        }
        for query in order { run.set(lists[query] ?? [], query: query) }
        return run
    }

    /// The same run with every list in trec_eval's order.
    public func sortedByScore() -> TRECRun {
        var sorted = TRECRun(tag: tag)
        for query in queryIDs {
            sorted.set((results[query] ?? []).sorted(by: Self.precedes), query: query)
        }
        return sorted
    }

    private struct Row {
        let query: String
        let entry: Entry
        let tag: String

        init(_ line: UnsafeRawBufferPointer) throws(LineFault) {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw LineFault("invalid UTF-8")
            }
            let columns = text.utf8.split { $0 == 0x20 || $0 == 0x09 }.map(Substring.init)
            guard columns.count == 6 else {
                let count = "\(columns.count) column\(columns.count == 1 ? "" : "s")"
                throw LineFault("\(count), expected 6 (qid, Q0, docid, rank, score, tag)")
            }
            guard Int(columns[3]) != nil else {
                throw LineFault("the rank \"\(columns[3])\" is no whole number")
            }
            guard let score = Double(columns[4]), score.isFinite else {
                throw LineFault("the score \"\(columns[4])\" is no number")
            }
            query = String(columns[0])
            entry = Entry(passage: String(columns[2]), score: score)
            tag = String(columns[5])
        }
    }
}
