/// One line of judgements.
struct QrelsLine {
    /// What the lines before have told of the file.
    enum Shape {
        case unknown
        /// BEIR's three columns under a header: only tabs separate.
        case headed
        case bare
    }

    let query: Identifier
    let passage: Identifier
    let grade: GradeText
    let gradeText: String

    /// Nil for a header.
    ///
    /// Tabs separate where they give three or four columns, so that identifiers may hold spaces;
    /// otherwise any white space does. Where both readings are possible, the second column decides:
    /// TREC's is 0.
    init?(
        _ line: UnsafeRawBufferPointer, shape: inout Shape, columns: inout [Range<Int>]
    ) throws(LineFault) {
        let count = Self.split(line, shape, &columns)
        guard count == 3 || count == 4 else {
            throw LineFault(
                "\(count) column\(count == 1 ? "" : "s"), expected query-id, corpus-id and score or "
                    + "qid, 0, docid and rel")
        }
        let last = UnsafeRawBufferPointer(rebasing: line[columns[count - 1]])
        guard let grade = GradeText(last) else {
            if shape == .unknown, count == 3 || Self.isHeader(line[columns[count - 1]]) {
                shape = count == 3 ? .headed : .bare
                return nil
            }
            let text = String(decoding: last, as: UTF8.self)
            throw LineFault("the grade \"\(text)\" is no whole number")
        }
        if shape == .unknown { shape = .bare }
        guard let query = String(validating: line[columns[0]], as: UTF8.self),
            let passage = String(validating: line[columns[count - 2]], as: UTF8.self)
        else { throw LineFault("invalid UTF-8") }
        guard !query.isEmpty, !passage.isEmpty else { throw LineFault("missing id") }
        self.query = Identifier(query)
        self.passage = Identifier(passage)
        self.grade = grade
        gradeText = grade.isCut ? String(decoding: last, as: UTF8.self) : ""
    }

    private static func isHeader(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return ["rel", "grade", "score", "relevance", "judgment", "judgement", "label"].contains(text)
    }

    private static func split(
        _ line: UnsafeRawBufferPointer, _ shape: Shape, _ columns: inout [Range<Int>]
    ) -> Int {
        let tabs = line.count { $0 == 0x09 }
        if shape != .headed || (tabs != 2 && tabs != 3) {
            let count = TRECColumn.split(line, into: &columns)
            if count == 4, shape != .headed {
                // Four words in three tab-separated columns: TREC with mixed white space or an
                // identifier with a space in it.
                let second = line[columns[1]]
                if tabs != 2 || second.elementsEqual("0".utf8) || second.elementsEqual("Q0".utf8) {
                    return 4
                }
            } else if tabs != 2, tabs != 3 {
                return count
            }
        }
        columns.removeAll(keepingCapacity: true)
        var start = 0
        for index in 0...line.count where index == line.count || line[index] == 0x09 {
            var (first, end) = (start, index)
            while first < end, TRECColumn.isSpace(line[first]) { first += 1 }
            while first < end, TRECColumn.isSpace(line[end - 1]) { end -= 1 }
            columns.append(first..<end)
            start = index + 1
        }
        return columns.count
    }
}
