extension TRECRun {
    /// Reads a TREC run, compressed or not; of `-` standard input.
    ///
    /// A line has six columns or more: `qid Q0 docid rank score tag`. The second, the rank and what
    /// follows the tag are not read; the run's tag is that of the last line. Lines that begin with `#`
    /// are comments. A file without lines is a run that found nothing.
    ///
    /// The lists keep the order of the file; ``sortedByScore()`` gives trec_eval's.
    ///
    /// - Throws: ``CorpusError`` for the first line that is wrong and for a passage that stands
    ///   twice under one question.
    public static func read(path: String) throws(CorpusError) -> TRECRun {
        let lines = try LineReader(path: FolderMember.standardInput(for: path) ?? path)
        var lists = RunLists()
        var columns: [Range<Int>] = []
        var tag: [UInt8] = []
        while let line = try lines.next() {
            guard let first = line.first(where: { !TRECColumn.isSpace($0) }), first != 0x23 else { continue }
            let earlier: Int?
            do throws(LineFault) {
                let entry = try entry(line, &columns)
                try lists.select(UnsafeRawBufferPointer(rebasing: line[columns[0]]))
                earlier = lists.append(entry, line: lines.line)
            } catch {
                let place = SourceLine(file: lines.path, line: lines.line)
                throw .badLine(BadLine(place: place, reason: error.reason))
            }
            if let earlier {
                throw .duplicate(
                    id: "\(lists.query) \(String(decoding: line[columns[2]], as: UTF8.self))",
                    first: SourceLine(file: lines.path, line: earlier),
                    second: SourceLine(file: lines.path, line: lines.line))
            }
            if !tag.elementsEqual(line[columns[5]]) { tag = Array(line[columns[5]]) }
        }
        return lists.run(tag: String(decoding: tag, as: UTF8.self))
    }

    private static func entry(
        _ line: UnsafeRawBufferPointer, _ columns: inout [Range<Int>]
    ) throws(LineFault) -> Entry {
        let count = TRECColumn.split(line, into: &columns)
        guard count >= 6 else {
            throw LineFault(
                "\(count) column\(count == 1 ? "" : "s"), expected 6 (qid, Q0, docid, rank, score, tag)")
        }
        let text = UnsafeRawBufferPointer(rebasing: line[columns[4]])
        guard let score = ScoreText.value(text) else {
            throw LineFault("the score \"\(String(decoding: text, as: UTF8.self))\" is no number")
        }
        guard let passage = String(validating: line[columns[2]], as: UTF8.self) else {
            throw LineFault("invalid UTF-8")
        }
        return Entry(passage: Identifier(passage), score: score)
    }

    /// The same run with every list in trec_eval's order.
    public func sortedByScore() -> TRECRun {
        var sorted = TRECRun(tag: tag)
        for query in queryIDs {
            sorted.set((results[query] ?? []).sorted(by: Self.precedes), query: query)
        }
        return sorted
    }
}
