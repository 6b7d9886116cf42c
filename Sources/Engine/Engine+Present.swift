import Foundation
import Ranking

extension Engine {
    /// The answer to a query with titles, marked snippets and, when asked for, explanations.
    public func present(
        _ text: String, _ options: SearchOptions = SearchOptions(), explaining: Bool = false
    ) throws(EngineError) -> (result: SearchResult, hits: [PresentedHit]) {
        let retrieval = try retrieve(text, options)
        let queryTerms = Set(segments.analyzer.terms(of: text))
        var presented: [PresentedHit] = []
        for hit in retrieval.result.hits {
            let passage = try passage(hit.document)
            let contributions = retrieval.lists.ngram?.evidence.explain(hit.document) ?? []
            let matches = keyMatches(contributions, in: passage.text, title: passage.title)
                // What only the terms tell of is marked where nothing else is.
                + segments.analyzer.places(of: queryTerms, in: passage.text).map { ($0, 0.01) }
            presented.append(
                PresentedHit(
                    hit: hit, title: passage.title, text: passage.text,
                    snippet: Snippet(of: passage.text, matches: matches),
                    explanation: explaining ? explain(hit, contributions, retrieval, options) : nil))
        }
        return (retrieval.result, presented)
    }

    private func explain(
        _ hit: SearchResult.Hit, _ contributions: [EvidenceScorer.Contribution], _ retrieval: Retrieval,
        _ options: SearchOptions
    ) -> Explanation {
        let known = retrieval.lists.ngram?.evidence.keys ?? []
        let keys = contributions.map { item -> Explanation.KeyEvidence in
            let key = item.key.map { known[$0] }
            return Explanation.KeyEvidence(
                text: spelled(item.tokens), kind: key?.kind ?? .unigram,
                count: key?.count ?? segments.ngram.count(of: item.tokens),
                logProb: key?.logProb ?? 0, weight: item.weight, coverage: item.coverage,
                occurrences: item.spans.count)
        }
        // What was trained has been read for the search, or could not be.
        let trained = try? trainedDocids(for: options)
        let steps =
            if let trained {
                trained.path(of: hit.document, retrieval.query)
            } else {
                retrieval.query.vector.flatMap { vector in
                    segments.docidPath(of: hit.document, query: vector, options: options.docid)
                }
            }
        return Explanation(
            keys: keys, docid: (steps ?? []).map { .init(token: $0.token, logProb: $0.logProb) },
            scheme: trained?.recipe.scheme.rawValue ?? options.docid.scheme.rawValue)
    }

    /// A key as a person reads it; the marks of title and passage are spelled out.
    private func spelled(_ tokens: [Int32]) -> String {
        let marks = segments.marks
        var rest = tokens[...]
        let kind =
            rest.first == marks.documentEnd
            ? "title: " : rest.first == marks.queryStart && !rest.isEmpty ? "query: " : ""
        if !kind.isEmpty { rest = rest.dropFirst() }
        if rest.last == marks.titleEnd { rest = rest.dropLast() }
        return kind + queries.ngrams.decode(Array(rest))
    }

    /// The spans of generated keys as byte ranges of the text.
    private func keyMatches(
        _ contributions: [EvidenceScorer.Contribution], in text: String, title: String
    ) -> [(range: Range<Int>, weight: Float)] {
        // What explains little would only scatter marks over function words.
        let strongest = contributions.map { $0.weight * $0.coverage }.max() ?? 0
        let telling = contributions.filter { $0.weight * $0.coverage > 0.1 * strongest }
        guard !telling.isEmpty else { return [] }
        let offsets = queries.ngrams.encode(text).offsets
        // In the index the body follows the title and its end.
        let titleCount = queries.ngrams.encode(title).count
        let shift = titleCount == 0 ? 0 : titleCount + 1
        let bytes = Array(text.utf8)
        // Punctuation at the ends of a key is no part of what is marked.
        func isTelling(_ place: Int) -> Bool {
            String(decoding: bytes[offsets[place]], as: UTF8.self).unicodeScalars.contains(where: QueryEncoder.isTelling)
        }
        return telling.flatMap { item in
            item.spans.compactMap { span -> (range: Range<Int>, weight: Float)? in
                var low = span.lowerBound - shift
                var high = span.upperBound - shift
                guard low >= 0, high <= offsets.count, low < high else { return nil }
                while low < high, !isTelling(low) { low += 1 }
                while low < high, !isTelling(high - 1) { high -= 1 }
                guard low < high else { return nil }
                return (
                    offsets[low].lowerBound..<max(offsets[low].lowerBound, offsets[high - 1].upperBound),
                    item.weight * item.coverage
                )
            }
        }
    }
}
