import Foundation
import IndexStore
import Memory
import Ranking
import Search

extension Engine {
    /// Answers a query with the index's own options.
    public func search(_ text: String, hits: Int = 10) throws(EngineError) -> SearchResponse {
        try search(SearchRequest(text, hits: hits))
    }

    /// Answers a request.
    ///
    /// - Throws: as ``rank(_:vector:hits:options:filter:cancellation:)``, and ``EngineError/option(_:)``.
    public func search(
        _ request: SearchRequest, cancellation: Cancellation = .never
    ) throws(EngineError) -> SearchResponse {
        if let fault = request.fault() { throw .option(fault) }
        return try withSearch(request.options, QueryContents(request.query, request.vector)) {
            try $0.answer(request, cancellation)
        }
    }
}

extension PreparedSearch {
    func answer(_ request: SearchRequest, _ cancellation: Cancellation) throws -> SearchResponse {
        let start = ContinuousClock.now
        let result = try run(
            request.query, vector: request.vector, hits: request.hits, filter: request.filter, cancellation)
        let explanations = try explanations(result, request.explain, request.offsets)
        let wants = { (field: SearchRequest.Field) in request.fields?.contains(field) ?? true }
        var marker = try TermMarker(request.query, reader)
        var candidates: [SearchResponse.Candidate] = []
        for (place, hit) in result.hits.enumerated() {
            var candidate = SearchResponse.Candidate(docid: hit.id, rank: hit.rank, score: hit.score)
            if wants(.retrievers) { candidate.add(hit.candidate) }
            if wants(.title) || wants(.text) || wants(.snippet) {
                let text = try reader.passage(hit.candidate.passage)
                if wants(.title) { candidate.title = text.title }
                if wants(.text) { candidate.text = request.cut(text.text) }
                if wants(.snippet) {
                    let found = result.lists.flatMap { $0.evidence?.highlights(in: hit.candidate.passage, text) ?? [] }
                    candidate.add(Snippet(of: text.text, matches: found + marker.marks(in: text.text)), request.offsets)
                }
            }
            if wants(.fields) { candidate.fields = try reader.fields(of: hit.candidate.passage) }
            candidate.explanation = explanations?[place]
            candidates.append(candidate)
        }
        return SearchResponse(
            generation: reader.snapshot.id, query: .init(text: request.query), candidates: candidates,
            facets: try facets(request.facets, of: result), feedback: try feedback(result.feedback),
            notes: result.notes.map(\.description), milliseconds: (ContinuousClock.now - start) / .milliseconds(1),
            timings: result.timings)
    }
}

extension PreparedSearch {
    /// What was done to the query; nil where nothing was.
    private func feedback(_ reports: [FeedbackReport]) throws -> [SearchResponse.Feedback]? {
        guard !reports.isEmpty else { return nil }
        return try reports.map { report in
            SearchResponse.Feedback(
                method: report.method, relevant: try report.relevant.map(reader.id(of:)),
                irrelevant: try report.irrelevant.map(reader.id(of:)), terms: report.terms?.terms,
                similarity: report.similarity)
        }
    }
}

/// Marks the query's terms: what only they tell of is marked where nothing else is.
struct TermMarker {
    private var terms: TermMarks

    init(_ query: String, _ index: IndexReader) throws {
        let analyzer = try index.value(IndexAnalyzer.self).analyzer
        terms = TermMarks(of: Set(analyzer.terms(of: query)), analyzer)
    }

    mutating func marks(in text: String) -> [Highlight] { terms.places(in: text).map { Highlight($0, weight: 0.01) } }
}

extension SearchRequest {
    fileprivate func cut(_ text: String) -> String {
        guard let maxTextLength, text.count > maxTextLength else { return text }
        return String(text.prefix(maxTextLength)) + "…"
    }
}

extension RankedResult {
    /// Milliseconds of each step.
    var timings: [String: Double] {
        var timings = ["encode": 1000 * encodeSeconds, "rerank": 1000 * rerankSeconds]
        if refinedCount > 0 { timings["refine"] = 1000 * refineSeconds }
        if filterSeconds > 1e-5 { timings["filter"] = 1000 * filterSeconds }
        if !feedback.isEmpty { timings["feedback"] = 1000 * feedbackSeconds }
        for list in lists { timings[list.retriever.name] = 1000 * list.seconds }
        return timings
    }
}

extension SearchResponse.Candidate {
    fileprivate mutating func add(_ candidate: Candidate) {
        retrievers = Dictionary(
            uniqueKeysWithValues: candidate.parts.map {
                ($0.retriever, .init(rank: $0.rank, score: $0.score, contribution: $0.contribution))
            })
        rerank = candidate.rerank.map { .init(scores: $0.scores, contribution: $0.contribution) }
    }

    fileprivate mutating func add(_ snippet: Snippet, _ unit: SearchRequest.Offsets) {
        self.snippet = .init(text: snippet.text, runs: snippet.runs)
        matches = snippet.matches.map { range in
            [range.lowerBound, range.upperBound].map { unit.offset(ofByte: $0, in: snippet.text) }
        }
        offsets = unit
    }
}

extension SearchRequest.Offsets {
    /// A place in UTF-8 bytes, which is no middle of a character, in this unit.
    func offset(ofByte byte: Int, in text: String) -> Int {
        let place = text.utf8.index(text.startIndex, offsetBy: byte)
        switch self {
        case .utf8: return byte
        case .utf16: return text.utf16.distance(from: text.startIndex, to: place)
        case .codepoints: return text.unicodeScalars.distance(from: text.startIndex, to: place)
        }
    }
}

extension Snippet {
    /// The text in pieces, those that match apart.
    fileprivate var runs: [SearchResponse.Run] {
        let bytes = Array(text.utf8)
        var runs: [SearchResponse.Run] = []
        var position = 0
        func add(_ end: Int, isMatch: Bool) {
            guard end > position else { return }
            runs.append(
                .init(text: String(decoding: bytes[position..<end], as: UTF8.self), isMatch: isMatch ? true : nil))
            position = end
        }
        for match in matches {
            add(match.lowerBound, isMatch: false)
            add(match.upperBound, isMatch: true)
        }
        add(bytes.count, isMatch: false)
        return runs
    }
}
