/// The questions of a file, one after the other, in the shape that its first lines have.
struct TopicReader {
    private let lines: PeekedLines
    /// Whether a question that has no identifier of its own is a fault.
    private let needsIdentifiers: Bool

    init(path: String, needsIdentifiers: Bool = false) throws(CorpusError) {
        lines = try PeekedLines(path: path)
        self.needsIdentifiers = needsIdentifiers
    }

    /// Passes every question on, with the line on which it begins.
    func forEach(_ body: (Query, Int) throws(CorpusError) -> Void) throws(CorpusError) {
        switch try lines.firstByte() {
        case nil: return
        case 0x3c:
            let text = try lines.rest()
            if let topics = try located(text, { (bytes) throws(TopicFault) in try TopicMarkup.queries(bytes) }) {
                for (query, line) in topics { try body(query, line) }
                return
            }
            lines.putBack(text)
        case 0x5b:
            let text = try lines.rest()
            if let topics = try located(text, { (bytes) throws(TopicFault) in try TopicJSON.array(bytes) }) {
                for (query, line) in topics { try body(query, line) }
                return
            }
            lines.putBack(text)
        case 0x7b:
            if try lines.peek(count: 1).first.map(TopicJSON.isLine) == true {
                try forEachLine(body)
                return
            }
            let text = try lines.rest()
            let topics = try located(text) { (bytes) throws(TopicFault) in try TopicJSON.objects(bytes) }
            for (query, line) in topics ?? [] { try body(query, line) }
            return
        default: break
        }
        try forEachRow(body)
    }

    private func forEachLine(_ body: (Query, Int) throws(CorpusError) -> Void) throws(CorpusError) {
        var count = 0
        while let (line, number) = try lines.next() {
            let query: Query
            do throws(LineFault) {
                query = try TopicJSON.query(line, number: needsIdentifiers ? nil : count)
            } catch {
                throw fault(error.reason, number)
            }
            count += 1
            try body(query, number)
        }
    }

    private func forEachRow(_ body: (Query, Int) throws(CorpusError) -> Void) throws(CorpusError) {
        let table = TopicTable(sample: try lines.peek(count: TopicTable.sampleSize))
        guard !needsIdentifiers || table.hasIdentifiers else {
            guard let (_, number) = try lines.next() else { return }
            throw fault("1 column, expected 2 (id<TAB>text)", number)
        }
        if table.hasHeader { _ = try lines.next() }
        var count = 0
        while let (line, number) = try lines.next() {
            let query: Query
            do throws(LineFault) {
                query = try table.query(line, line: number, position: count)
            } catch {
                throw fault(error.reason, number)
            }
            count += 1
            try body(query, number)
        }
    }

    private func fault(_ reason: String, _ line: Int) -> CorpusError {
        .badLine(BadLine(place: SourceLine(file: lines.path, line: line), reason: reason))
    }

    /// What is found in the rest of the file, with lines instead of offsets.
    private func located(
        _ text: PeekedLines.Text,
        _ find: (UnsafeRawBufferPointer) throws(TopicFault) -> [(query: Query, offset: Int)]?
    ) throws(CorpusError) -> [(Query, Int)]? {
        do throws(TopicFault) {
            return try text.withBytes(find)?.map { ($0.query, text.line(at: $0.offset)) }
        } catch {
            throw fault(error.reason, text.line(at: error.offset))
        }
    }
}

/// What is wrong at an offset of a text.
struct TopicFault: Error {
    let reason: String
    let offset: Int

    init(_ reason: String, _ offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
