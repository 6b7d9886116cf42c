/// The lists of a run while it is read, whose lines mostly stand together by question.
struct RunLists {
    /// The question of the list that grows.
    private(set) var query: Identifier = ""
    private var queryBytes: [UInt8] = []
    private var current = List()
    private var isEmpty = true
    private var others: [Identifier: List] = [:]
    private var order: [Identifier] = []

    private struct List {
        var entries: [TRECRun.Entry] = []
        /// The line of each passage.
        var lines: [Identifier: Int] = [:]
    }

    /// Makes the list of a question the one that grows.
    mutating func select(_ bytes: UnsafeRawBufferPointer) throws(LineFault) {
        if !isEmpty, queryBytes.elementsEqual(bytes) { return }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw LineFault("invalid UTF-8") }
        if !isEmpty { others[query] = current }
        query = Identifier(text)
        queryBytes = Array(bytes)
        isEmpty = false
        if let earlier = others.removeValue(forKey: query) {
            current = earlier
        } else {
            current = List()
            order.append(query)
        }
    }

    /// Appends to the selected list; the line where the passage stands already, if it does.
    mutating func append(_ entry: TRECRun.Entry, line: Int) -> Int? {
        if let earlier = current.lines.updateValue(line, forKey: entry.passage) { return earlier }
        current.entries.append(entry)
        return nil
    }

    consuming func run(tag: String) -> TRECRun {
        var run = TRECRun(tag: tag)
        for id in order {
            run.set(id == query ? current.entries : others[id]?.entries ?? [], query: id)
        }
        return run
    }
}
