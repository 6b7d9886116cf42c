/// A probability for each of some passages of some queries, such as that a model can answer from it.
public struct PassageValues: Sendable, Hashable {
    /// By query and passage, from 0 to 1.
    public private(set) var values: [Identifier: [Identifier: Double]] = [:]

    public init() {}

    /// Sets a value, and returns the earlier one where there was one.
    @discardableResult
    public mutating func set(_ value: Double, query: Identifier, passage: Identifier) -> Double? {
        values[query, default: [:]].updateValue(value, forKey: passage)
    }

    /// One less each value: of the probability that a model declines to answer, that it answers.
    public var complements: PassageValues {
        var complements = self
        complements.values = values.mapValues { $0.mapValues { 1 - $0 } }
        return complements
    }

    /// Reads lines of `query passage probability`, separated by tabs or other white space, compressed or not; of `-`
    /// standard input. Lines that begin with `#` are comments.
    ///
    /// - Throws: ``CorpusError`` for the first line that is none, for a number that is not from 0 to 1, for a passage that
    ///   has two different ones for one query, and for a file without a line.
    public static func read(path: String) throws(CorpusError) -> PassageValues {
        var read = PassageValues()
        try ColumnLines.read(path: path, names: ["query", "passage", "probability"]) { columns, _ throws(LineFault) in
            guard let value = ScoreText.value(columns[2]), (0...1).contains(value) else {
                throw LineFault("\"\(String(decoding: columns[2], as: UTF8.self))\" is no probability from 0 to 1")
            }
            let query = try ColumnLines.identifier(columns[0])
            let passage = try ColumnLines.identifier(columns[1])
            if let earlier = read.set(value, query: query, passage: passage), earlier != value {
                throw LineFault("\(passage) has \(value) here and \(earlier) earlier for \(query)")
            }
        }
        guard !read.values.isEmpty else { throw .unrecognised(path: path, reason: "no probabilities found") }
        return read
    }
}
