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
        let special = (0..<Int32(tokenizer.vocabularySize)).filter { tokenizer.isSpecial($0) }
        return NgramRetriever(
            index: index, excluded: Set(special).union(tokenizer.unknownID.map { [$0] } ?? [])
        ) { !tokenizer.isContinuation($0) }
    }

    /// What the retrievers of one query found.
    package struct Lists: Sendable {
        package var lists: [Fusion.List] = []
        package var ngram: NgramRetriever.Result?
        package var docid: DocidRetriever.Result?
        package var seconds: [RetrieverKind: Double] = [:]
    }

    /// Runs the retrievers that are asked for and can run, in the order of their kinds.
    package func retrieve(
        _ query: EncodedQuery, kinds: some Sequence<RetrieverKind>, depth: Int, options: SearchOptions
    ) -> Lists {
        var result = Lists()
        for kind in kinds {
            let start = ContinuousClock.now
            switch kind {
            case .ngram:
                let found = ngram.search(query.ngrams, k: depth, options: options.ngram)
                // A full list hides what lies below it; a short one holds all there is.
                let absent = found.documents.count < depth ? 0 : found.documents.last?.score ?? 0
                result.lists.append(
                    .init(
                        kind: .ngram, documents: found.documents, ceiling: found.ceiling, absent: absent))
                result.ngram = found
            case .docid:
                guard let vector = query.vector,
                    let retriever = options.docid.scheme == .tree ? tree : quantised
                else { continue }
                let found = retriever.search(vector, k: depth, options: options.docid)
                result.lists.append(
                    .init(
                        kind: .docid, documents: found.documents, ceiling: 1,
                        absent: found.documents.last?.score ?? 0))
                result.docid = found
            case .dense:
                guard let dense, let vector = query.vector else { continue }
                let scores = dense.similarities(vector)
                result.lists.append(
                    .init(kind: .dense, documents: TopDocuments.best(depth, of: scores), ceiling: 1) {
                        scores[Int($0)]
                    })
            case .bm25:
                let terms = sparse.query(query.text, options.bm25)
                result.lists.append(
                    .init(kind: .bm25, documents: terms.best(depth), ceiling: terms.ceiling) {
                        terms.score(of: $0)
                    })
            }
            result.seconds[kind] = Engine.seconds(since: start)
        }
        return result
    }
}
