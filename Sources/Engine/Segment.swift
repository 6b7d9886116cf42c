import Docids
import FMIndex
import Foundation
import Ranking
import Storage
import Text

/// The structures over one set of passages: what every retriever needs, in memory or mapped.
package struct Segment: Sendable {
    package var ngram: NgramRetriever
    package var sparse: SparseIndex
    /// Nil in an index without an encoder.
    package var dense: DenseIndex?
    package var tree: DocidRetriever?
    package var quantised: DocidRetriever?

    package init(
        ngram: NgramRetriever, sparse: SparseIndex, dense: DenseIndex?, tree: DocidRetriever?,
        quantised: DocidRetriever?
    ) {
        self.ngram = ngram
        self.sparse = sparse
        self.dense = dense
        self.tree = tree
        self.quantised = quantised
    }

    /// An n-gram retriever over an index whose tokens are `tokenizer`'s.
    package static func ngramRetriever(_ index: FMIndex, tokenizer: Tokenizer) -> NgramRetriever {
        let tokenizer = NgramTokenizer(tokenizer)
        return NgramRetriever(index: index, excluded: tokenizer.excluded, startsWord: tokenizer.startsWord)
    }

    /// The docids of a scheme.
    package func docids(_ scheme: DocidRetriever.Scheme) -> DocidRetriever? {
        scheme == .tree ? tree : quantised
    }
}
