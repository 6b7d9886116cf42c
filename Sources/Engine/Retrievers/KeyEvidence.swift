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
            floor.search.explain(passage).flatMap { part in
                floor.places(of: part.term, in: text.text).map { Highlight($0, weight: part.contribution) }
            }
        }
        return (terms ?? []) + spans(in: passage, text)
    }

    private func spans(in passage: PassageIndex, _ text: PassageText) -> [Highlight] {
        let contributions = evidence.explain(passage)
        // What explains little would only scatter marks over function words.
        let strongest = contributions.map { $0.weight * $0.coverage }.max() ?? 0
        let telling = contributions.enumerated().filter { $0.element.weight * $0.element.coverage > 0.1 * strongest }
        guard !telling.isEmpty else { return [] }
        let offsets = tokenizer.encode(text.text).offsets
        // In the index the body follows the title and its end.
        let titleCount = tokenizer.encode(text.title).count
        let shift = titleCount == 0 ? 0 : titleCount + 1
        let bytes = Array(text.text.utf8)
        // Punctuation at the ends of a key is no part of what is marked.
        func isTelling(_ place: Int) -> Bool {
            String(decoding: bytes[offsets[place]], as: UTF8.self).unicodeScalars
                .contains(where: QueryAnalyzer.isTelling)
        }
        return telling.flatMap { place, item in
            item.spans.compactMap { span -> Highlight? in
                var low = span.lowerBound - shift
                var high = span.upperBound - shift
                guard low >= 0, high <= offsets.count, low < high else { return nil }
                while low < high, !isTelling(low) { low += 1 }
                while low < high, !isTelling(high - 1) { high -= 1 }
                guard low < high else { return nil }
                return Highlight(
                    offsets[low].lowerBound..<max(offsets[low].lowerBound, offsets[high - 1].upperBound),
                    weight: item.weight * item.coverage, item: place)
            }
        }
    }
}
