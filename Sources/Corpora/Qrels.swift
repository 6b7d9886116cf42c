/// Judgements of relevance: for each question the grades of its judged passages.
public struct Qrels: Sendable, Hashable {
    /// The questions, in the order of the file.
    public private(set) var queryIDs: [Identifier] = []
    /// Grades by question and passage; 0 and less mean not relevant.
    public private(set) var judgements: [Identifier: [Identifier: Int]] = [:]
    /// The passages of each question, in the order of the file.
    private var order: [Identifier: [Identifier]] = [:]

    public init() {}

    /// Sets a grade, and returns the earlier one where there was one.
    @discardableResult
    public mutating func set(_ grade: Int, query: Identifier, passage: Identifier) -> Int? {
        if judgements[query] == nil { queryIDs.append(query) }
        let earlier = judgements[query, default: [:]].updateValue(grade, forKey: passage)
        if earlier == nil { order[query, default: []].append(passage) }
        return earlier
    }

    /// The judged passages of a question with their grades, in the order of the file.
    public func judgements(of query: Identifier) -> [(passage: Identifier, grade: Int)] {
        let grades = judgements[query] ?? [:]
        return (order[query] ?? []).map { ($0, grades[$0] ?? 0) }
    }

    /// The number of judgements.
    public var count: Int { judgements.values.reduce(0) { $0 + $1.count } }
}
