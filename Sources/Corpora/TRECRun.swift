/// Ranked passages for a set of questions.
public struct TRECRun: Sendable, Hashable {
    /// One ranked passage; its rank is its place in the list.
    public struct Entry: Sendable, Hashable, Codable {
        public var passage: String
        public var score: Double

        public init(passage: String, score: Double) {
            self.passage = passage
            self.score = score
        }
    }

    /// The name of the system that made the run.
    public var tag: String
    /// The questions, in the order in which they were added.
    public private(set) var queryIDs: [String] = []
    /// The ranked lists, best first.
    public private(set) var results: [String: [Entry]] = [:]

    public init(tag: String = "genret") {
        self.tag = tag
    }

    /// Sets the ranked list of a question, best first; an empty list is kept.
    public mutating func set(_ entries: [Entry], query: String) {
        if results.updateValue(entries, forKey: query) == nil { queryIDs.append(query) }
    }

    /// Whether every question has the passages in trec_eval's order.
    public var isInScoreOrder: Bool {
        results.values.allSatisfy { entries in
            zip(entries, entries.dropFirst()).allSatisfy { Self.precedes($0, $1) }
        }
    }

    /// trec_eval's rule: the higher score first and, where scores are equal, the greater identifier.
    ///
    /// Scores are compared in single precision and identifiers byte by byte, as trec_eval does.
    public static func precedes(_ first: Entry, _ second: Entry) -> Bool {
        let (left, right) = (Float(first.score), Float(second.score))
        if left != right { return left > right }
        return second.passage.utf8.lexicographicallyPrecedes(first.passage.utf8)
    }

    /// An identifier as a column of a file whose columns are separated by white space.
    static func column(_ id: String) throws(CorpusError) -> String {
        guard !id.isEmpty, !id.unicodeScalars.contains(where: \.properties.isWhitespace) else {
            throw .unwritableValue(
                "the identifier \"\(id)\" is empty or has white space in it, which a TREC file "
                    + "cannot hold")
        }
        return id
    }
}
