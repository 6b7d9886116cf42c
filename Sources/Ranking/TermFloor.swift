import Synchronization

/// What the query's terms alone give every passage: the BM25 score of the sparse index, from which the evidence of n-grams
/// starts.
package struct TermFloor: Sendable {
    package let search: SparseSearch
    /// The query's terms.
    let terms: Set<String>
    private let analyzer: TermAnalyzer
    /// Remembers the words of the texts that it has seen.
    private let marks: SharedMarks
    /// The text that tokens spell.
    private let decode: @Sendable ([Int32]) -> String

    /// - Parameters:
    ///   - search: of the same text.
    ///   - decode: the text that tokens of the n-gram index spell.
    package init(
        _ text: String, _ search: SparseSearch, _ analyzer: TermAnalyzer,
        decode: @escaping @Sendable ([Int32]) -> String
    ) {
        self.init(Set(analyzer.terms(of: text)), search, analyzer, decode: decode)
    }

    /// - Parameter terms: those that are searched for.
    package init(
        _ terms: Set<String>, _ search: SparseSearch, _ analyzer: TermAnalyzer,
        decode: @escaping @Sendable ([Int32]) -> String
    ) {
        (self.terms, self.search, self.analyzer, self.decode) = (terms, search, analyzer, decode)
        marks = SharedMarks(TermMarks(of: terms, analyzer))
    }

    /// The distinct terms of a key.
    func terms(of tokens: [Int32]) -> Set<String> { Set(analyzer.terms(of: decode(tokens))) }

    /// Where the query's terms stand in a text.
    package func matches(in text: String) -> [TermMarks.Match] { marks.withLock { $0.matches(in: text) } }
}

/// Marks that the copies of a floor share.
private final class SharedMarks: Sendable {
    private let marks: Mutex<TermMarks>

    init(_ marks: TermMarks) { self.marks = Mutex(marks) }

    func withLock<Result: Sendable>(_ body: (inout sending TermMarks) -> sending Result) -> Result {
        marks.withLock(body)
    }
}
