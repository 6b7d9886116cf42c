extension TRECRun {
    /// What a format cannot hold.
    public struct Unwritable: Sendable, Hashable {
        /// Questions whose identifiers cannot be columns.
        public internal(set) var queries: [Identifier] = []
        /// Passages whose identifiers cannot be columns, each once.
        public internal(set) var passages: [Identifier] = []
        /// How many ranked passages that makes.
        public internal(set) var entries = 0

        public var isEmpty: Bool { queries.isEmpty && passages.isEmpty }
    }

    /// Whether a line of the format can begin with the identifier: it has no white space in it, and
    /// does not look like the beginning of a comment.
    public static func canHold(query id: Identifier, in format: Format) -> Bool {
        format == .json || (TRECColumn.canHold(id) && (format == .msmarco || id.string.utf8.first != 0x23))
    }

    /// The run without what the format cannot hold, and what that is.
    ///
    /// - Complexity: O(passages).
    public func writable(in format: Format) -> (run: TRECRun, lost: Unwritable) {
        guard format != .json else { return (self, Unwritable()) }
        var lost = Unwritable()
        var seen: Set<Identifier> = []
        var run = TRECRun(tag: tag)
        for query in queryIDs {
            let entries = results[query] ?? []
            guard Self.canHold(query: query, in: format) else {
                lost.queries.append(query)
                lost.entries += entries.count
                continue
            }
            let held = entries.filter { TRECColumn.canHold($0.passage) }
            if held.count < entries.count {
                lost.entries += entries.count - held.count
                for entry in entries where !TRECColumn.canHold(entry.passage) {
                    if seen.insert(entry.passage).inserted { lost.passages.append(entry.passage) }
                }
            }
            run.set(held, query: query)
        }
        return (run, lost)
    }
}
