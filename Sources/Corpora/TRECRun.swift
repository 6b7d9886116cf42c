/// Ranked passages for a set of questions.
public struct TRECRun: Sendable, Hashable {
    /// One ranked passage; its rank is its place in the list.
    public struct Entry: Sendable, Hashable, Codable {
        public var passage: Identifier
        public var score: Double

        public init(passage: Identifier, score: Double) {
            self.passage = passage
            self.score = score
        }
    }

    /// The name of the system that made the run.
    public var tag: String
    /// The questions, in the order in which they were added.
    public private(set) var queryIDs: [Identifier] = []
    /// The ranked lists, best first.
    public private(set) var results: [Identifier: [Entry]] = [:]

    public init(tag: String = "genret") {
        self.tag = tag
    }

    /// Sets the ranked list of a question, best first; an empty list is kept.
    public mutating func set(_ entries: [Entry], query: Identifier) {
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
    /// Scores are compared in double precision, as trec_eval 10 does, and identifiers byte by byte.
    public static func precedes(_ first: Entry, _ second: Entry) -> Bool {
        if first.score != second.score { return first.score > second.score }
        return second.passage < first.passage
    }

    /// The same rule as trec_eval 9 and what is built on it keep it: scores are single.
    static func precedesInSinglePrecision(_ first: Entry, _ second: Entry) -> Bool {
        let (left, right) = (Float(first.score), Float(second.score))
        if left != right { return left > right }
        return second.passage < first.passage
    }
}
