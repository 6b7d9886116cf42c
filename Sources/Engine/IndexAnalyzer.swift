import IndexStore
import Ranking

/// How an index takes the terms of texts, by the options that it was built with.
struct IndexAnalyzer: LoadedOnce {
    let analyzer: TermAnalyzer

    init(loading index: IndexReader) throws { analyzer = IndexOptions(index.manifest.options).analyzer }
}

extension IndexReader {
    /// The terms of a text as BM25 has them.
    package func terms(of text: String) throws -> [String] { try value(IndexAnalyzer.self).analyzer.terms(of: text) }
}
