import Ranking
import Search

/// The terms that passages lend to queries.
struct FeedbackTerms: Sendable {
    private let index: IndexReader
    private let analyzer: TermAnalyzer
    private let terms: IndexTerms
    /// What more than this share of all passages hold tells nothing (Anserini's 0.1).
    private static let commonest = 0.1
    /// In characters; Anserini's, which takes single letters and what is no word away.
    private static let lengths = 2...20

    init(_ index: IndexReader) throws {
        self.index = index
        analyzer = try index.value(IndexAnalyzer.self).analyzer
        terms = try index.value(IndexTerms.self)
    }

    /// How often each telling term stands in a passage's title and text.
    ///
    /// - Complexity: O(text), and O(log terms) a distinct term.
    func frequencies(_ passage: PassageIndex) throws -> [String: Int] {
        let text = try index.passage(passage)
        var counts: [String: Int] = [:]
        for part in [text.title, text.text] { analyzer.forEachTerm(of: part) { counts[$0, default: 0] += 1 } }
        let most = Self.commonest * Double(terms.documentCount())
        return counts.filter {
            Self.lengths.contains($0.key.count) && Double(terms.documentFrequency(of: $0.key)) <= most
        }
    }

    /// A query's terms, as it was asked or as they were changed before.
    func of(_ query: Query) -> WeightedTerms {
        query[WeightedTerms.self] ?? WeightedTerms(counting: analyzer.terms(of: query.text))
    }
}

extension [String: Double] {
    /// The heaviest; of equal ones those that come first by the bytes of the term.
    func heaviest(_ count: Int) -> [String: Double] {
        guard self.count > count else { return self }
        let order = sorted { a, b in
            a.value != b.value ? a.value > b.value : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
        }
        return Dictionary(uniqueKeysWithValues: order.prefix(count).map { ($0.key, $0.value) })
    }

    /// A sum over the values in an order that is always the same, as sums in another differ in their last bits.
    func sum(_ part: (Double) -> Double) -> Double { values.sorted().reduce(0) { $0 + part($1) } }
}
