import Foundation
import Memory
import Search

extension Engine {
    /// Why a passage has, or would have, its score for a query: also one that no search finds.
    ///
    /// - Parameters:
    ///   - text: the query.
    ///   - docid: the passage's external id.
    ///   - options: of the search that is explained.
    ///   - offsets: the unit of spans.
    ///   - cancellation: asked as in a search.
    /// - Throws: ``EngineError/noPassage(id:)``, and as ``rank(_:vector:hits:options:filter:cancellation:)``.
    public func explain(
        _ text: String, docid: String, options: SearchOptions = SearchOptions(),
        offsets: SearchRequest.Offsets = .utf8, cancellation: Cancellation = .never
    ) throws(EngineError) -> Explanation {
        try withSearch(options) { search in
            guard let passage = try search.reader.passage(withID: docid) else { throw EngineError.noPassage(id: docid) }
            return try search.explain(text, passage, offsets, cancellation)
        }
    }
}

extension PreparedSearch {
    /// The explanations of a result's hits, in their order; nil where none are asked for.
    func explanations(
        _ result: RankedResult, _ depth: SearchRequest.Explain, _ offsets: SearchRequest.Offsets
    ) throws -> [Explanation]? {
        guard depth != .none else { return nil }
        return try explanations(of: result.hits.map(\.candidate), result.lists, depth, offsets)
    }

    private func explanations(
        of candidates: [Candidate], _ lists: [RankedList], _ depth: SearchRequest.Explain,
        _ offsets: SearchRequest.Offsets
    ) throws -> [Explanation] {
        let passages = candidates.map(\.passage)
        let texts = try passages.map { try reader.passage($0) }
        var explanations = candidates.map { Explanation(score: score($0), details: [:]) }
        for evidence in lists.compactMap(\.evidence) where depth == .full || evidence.name == "keys" {
            for (place, detail) in try evidence.details(of: passages).enumerated() {
                guard var detail else { continue }
                detail.add(evidence.spans(in: passages[place], texts[place]), in: texts[place], offsets)
                explanations[place].details[evidence.name] = detail
            }
        }
        return explanations
    }

    private func score(_ candidate: Candidate) -> Explanation.Score {
        var parts = candidate.parts.map { part in
            Explanation.Part(
                name: part.retriever, rank: part.rank, score: part.score,
                weight: pipeline.fusion.method == .weighted ? pipeline.fusion.weights[part.retriever] : nil,
                contribution: part.contribution)
        }
        if let rerank = candidate.rerank {
            parts.append(.init(name: .rerank, contribution: rerank.contribution))
        }
        return .init(total: candidate.score, parts: parts)
    }

    /// The explanation of one passage, from the candidates of the query where it is among them; else from what
    /// each list would make of it.
    func explain(
        _ text: String, _ passage: PassageIndex, _ offsets: SearchRequest.Offsets, _ cancellation: Cancellation
    ) throws -> Explanation {
        let query = try reader.query(text, needs: pipeline.needs, cancellation: cancellation)
        let outcome = try pipeline.run(query)
        let found = outcome.candidates.first { $0.passage == passage }
        let candidate =
            found
            ?? pipeline.fusion.fuse(outcome.lists.map { $0.with(passage) }).first {
                $0.passage == passage
            }
        guard let candidate else { throw EngineError.noPassage(id: try reader.id(of: passage)) }
        return try explanations(of: [candidate], outcome.lists, .full, offsets)[0]
    }
}

extension JSONTree {
    /// Gives each item of a list the places that it has in a passage, as its member "spans".
    fileprivate mutating func add(_ spans: [TextSpans], in passage: PassageText, _ unit: SearchRequest.Offsets) {
        guard case .array(var items) = self, items.count == spans.count else { return }
        func tree(_ ranges: [Range<Int>], in text: String) -> JSONTree {
            .array(
                ranges.map { range in
                    .array(
                        [range.lowerBound, range.upperBound].map {
                            .integer(Int64(unit.offset(ofByte: $0, in: text)))
                        })
                })
        }
        for (place, own) in spans.enumerated() {
            items[place]["spans"] = .object([
                "title": tree(own.title, in: passage.title), "text": tree(own.text, in: passage.text),
            ])
        }
        self = .array(items)
    }
}

extension RankedList {
    /// The list with one more passage at its end, by the exact score or the floor.
    fileprivate func with(_ passage: PassageIndex) -> RankedList {
        var list = self
        list.passages.append(ScoredPassage(passage, score: exactScore?(passage) ?? floor))
        return list
    }
}
