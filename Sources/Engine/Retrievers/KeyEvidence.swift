import Foundation
import Ranking
import Search
import Text

/// The generated keys that a passage holds.
struct KeyEvidence: Evidence {
    let evidence: NgramEvidence
    /// What the query's terms give by themselves; nil where keys are all there is.
    let floor: TermFloor?
    let index: NgramIndex
    let tokenizer: NgramTokenizer
    let marks: NgramMarks

    var name: String { "keys" }

    /// The keys in the order in which they were taken.
    func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
        try passages.map { try JSONTree(encoding: items(of: $0)) }
    }

    private func items(of passage: PassageIndex) -> [GeneratedKey] {
        let known = evidence.keys
        return terms(of: passage)
            + evidence.explain(passage).map { item in
                let key = item.key.map { known[$0] }
                return GeneratedKey(
                    text: spelled(item.tokens), kind: key?.kind ?? .unigram, adds: key?.increment,
                    count: key?.count ?? index.count(of: item.tokens), logProb: key?.logProb ?? 0, weight: item.weight,
                    coverage: item.coverage, occurrences: item.spans.count)
            }
    }

    /// What the query's terms give, which is where keys start from; none where the passage holds none.
    private func terms(of passage: PassageIndex) -> [GeneratedKey] {
        let parts = floor?.search.explain(passage) ?? []
        guard !parts.isEmpty else { return [] }
        return [
            GeneratedKey(
                text: parts.map(\.term).joined(separator: " "), kind: .terms, count: 0, logProb: 0,
                weight: parts.reduce(0) { $0 + $1.contribution }, coverage: 1, occurrences: 1)
        ]
    }

    /// A key as a person reads it; the marks of title and passage are spelled out.
    private func spelled(_ tokens: [Int32]) -> String {
        var rest = tokens[...]
        let kind =
            rest.first == marks.documentEnd
            ? "title: " : rest.first == marks.queryStart && !rest.isEmpty ? "query: " : ""
        if !kind.isEmpty { rest = rest.dropFirst() }
        if rest.last == marks.titleEnd { rest = rest.dropLast() }
        return kind + tokenizer.decode(Array(rest))
    }

    /// The query's terms and the spans of keys in the passage's text.
    func highlights(in passage: PassageIndex, _ text: PassageText) -> [Highlight] {
        let terms = floor.map { floor in
            let parts = Dictionary(floor.search.explain(passage).map { ($0.term, $0.contribution) }) { own, _ in own }
            return floor.matches(in: text.text).compactMap { match in
                parts[match.term].map { Highlight(match.range, weight: $0) }
            }
        }
        let contributions = evidence.explain(passage)
        // What explains little would only scatter marks over function words.
        let strongest = contributions.map { $0.weight * $0.coverage }.max() ?? 0
        let telling = contributions.filter { $0.weight * $0.coverage > 0.1 * strongest }
        guard !telling.isEmpty else { return terms ?? [] }
        let places = TokenPlaces(of: text, tokenizer)
        return (terms ?? [])
            + telling.flatMap { item in
                places.spans(item.spans).text.map { Highlight($0, weight: item.weight * item.coverage) }
            }
    }

    func spans(in passage: PassageIndex, _ text: PassageText) -> [TextSpans] {
        let terms = floor?.search.explain(passage).map(\.term) ?? []
        let places = TokenPlaces(of: text, tokenizer)
        var spans: [TextSpans] = []
        if let floor, !terms.isEmpty {
            spans.append(
                TextSpans(
                    title: floor.matches(in: text.title).map(\.range),
                    text: floor.matches(in: text.text).map(\.range)))
        }
        return spans + evidence.explain(passage).map { places.spans($0.spans) }
    }
}
