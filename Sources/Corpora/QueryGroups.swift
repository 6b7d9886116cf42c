/// Which queries are forms of the same one: paraphrases, misspellings, translations.
public struct QueryGroups: Sendable, Hashable {
    public struct Group: Sendable, Hashable {
        public let name: Identifier
        /// In the order of the file.
        public internal(set) var queries: [Identifier]

        public init(_ name: Identifier, _ queries: [Identifier]) {
            self.name = name
            self.queries = queries
        }
    }

    /// In the order in which they begin in the file.
    public let groups: [Group]

    /// - Parameter groups: each query stands in one of them only.
    public init(_ groups: [Group]) { self.groups = groups }

    /// Reads lines of `query group`, separated by a tab or, without one, by other white space; compressed or not; of
    /// `-` standard input. Lines that begin with `#` are comments.
    ///
    /// - Throws: ``CorpusError`` for the first line that is none, for a query that stands twice, and where no group has
    ///   two queries.
    public static func read(path: String) throws(CorpusError) -> QueryGroups {
        var groups: [Group] = []
        var places: [Identifier: Int] = [:]
        var lines: [Identifier: Int] = [:]
        try ColumnLines.read(path: path, names: ["query", "group"]) { columns, line throws(LineFault) in
            let query = try ColumnLines.identifier(columns[0])
            let name = try ColumnLines.identifier(columns[1])
            if let earlier = lines.updateValue(line, forKey: query) {
                throw LineFault("the query \(query) has a group already, in line \(earlier)")
            }
            if let place = places[name] {
                groups[place].queries.append(query)
            } else {
                places[name] = groups.count
                groups.append(Group(name, [query]))
            }
        }
        guard groups.contains(where: { $0.queries.count > 1 }) else {
            throw .unrecognised(path: path, reason: "no group has two queries")
        }
        return QueryGroups(groups)
    }
}
