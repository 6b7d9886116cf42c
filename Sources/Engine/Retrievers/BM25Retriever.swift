import Ranking
import Search

/// BM25 over the terms of all segments: the classic fallback that always answers.
public struct BM25Retriever: IndexRetriever {
    public static let id: ComponentID = "bm25"

    /// BM25's two parameters; the defaults are Anserini's.
    public struct Options: ComponentOptions {
        public var k1: Float = 0.9
        public var b: Float = 0.4

        public init() {}

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            if !(k1 >= 0 && k1.isFinite) { return OptionFault("k1", "0 or more") }
            return (0...1).contains(b) ? nil : OptionFault("b", "0 to 1")
        }

        var parameters: SparseIndex.Parameters {
            var parameters = SparseIndex.Parameters()
            (parameters.k1, parameters.b) = (k1, b)
            return parameters
        }
    }

    public let follows: QueryForms = .terms
    private let terms: IndexTerms
    private let analyzer: TermAnalyzer
    private let parameters: SparseIndex.Parameters

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<BM25Retriever> {
        Opened(
            BM25Retriever(
                terms: try index.value(IndexTerms.self), analyzer: try index.value(IndexAnalyzer.self).analyzer,
                parameters: options.parameters))
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let search =
            parameters == .init() ? terms.search(query) : terms.search(query, parameters)
        return RankedList(
            id, passages: search.best(depth, query.filter, threads: query.threads), ceiling: search.ceiling,
            exactScore: { search.score(of: $0) }, evidence: TermEvidence(search: search, analyzer: analyzer))
    }
}

/// What each term adds to a passage's BM25 score.
private struct TermEvidence: Evidence {
    let search: SparseSearch
    let analyzer: TermAnalyzer

    var name: String { "terms" }

    func spans(in passage: PassageIndex, _ text: PassageText) -> [TextSpans] {
        search.explain(passage).map { part in
            TextSpans(
                title: analyzer.places(of: [part.term], in: text.title),
                text: analyzer.places(of: [part.term], in: text.text))
        }
    }

    func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
        try passages.map { passage in
            let parts = search.explain(passage)
            return parts.isEmpty ? nil : try JSONTree(encoding: parts)
        }
    }
}
