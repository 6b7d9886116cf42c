import IndexStore
import Ranking

/// How an index takes the terms of texts, by the options that it was built with.
struct IndexAnalyzer: LoadedOnce {
    let analyzer: TermAnalyzer

    init(loading index: IndexReader) throws { analyzer = IndexOptions(index.manifest.options).analyzer }
}
