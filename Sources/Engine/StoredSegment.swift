import FMIndex
import Foundation
import Ranking
import Storage
import Text

/// One segment of an index on disk, opened and checked: its retrievers, ids and texts.
package struct StoredSegment: Sendable {
    package var segment: Segment
    package var ids: StringTable
    package var texts: DocumentStore
    /// Its files with their sections.
    package var containers: [Container]

    package var count: Int { ids.count }

    /// Opens the files in `folder`.
    ///
    /// - Throws: ``StorageError`` and the errors of the structures where a file is damaged;
    ///   ``EngineError/mismatch(path:what:)`` where the files do not belong together.
    package init(_ folder: URL, manifest: IndexManifest, tokenizer: Tokenizer) throws {
        func container(_ file: String, _ kind: String) throws(StorageError) -> Container {
            try Container(path: folder.appending(path: file).path, kind: kind)
        }
        let passages = try container(IndexLayout.passages, IndexLayout.passagesKind)
        let ngrams = try container(IndexLayout.ngrams, FMIndex.fileKind)
        let terms = try container(IndexLayout.terms, SparseIndex.fileKind)
        containers = [passages, ngrams, terms]
        segment = Segment(
            ngram: Segment.ngramRetriever(try FMIndex(ngrams), tokenizer: tokenizer),
            sparse: try SparseIndex(terms), dense: nil, tree: nil, quantised: nil)
        ids = try StringTable(passages, prefix: "ids")
        texts = try DocumentStore(passages)
        var counts = [texts.count, segment.ngram.index.documentCount, segment.sparse.documentCount]
        if let encoder = manifest.encoder {
            let vectors = try container(IndexLayout.vectors, DenseIndex.fileKind)
            let docids = try container(IndexLayout.docids, IndexLayout.docidsKind)
            containers += [vectors, docids]
            let dense = try DenseIndex(vectors)
            let stored = try StoredDocids(docids)
            segment.dense = dense
            segment.tree = DocidRetriever(tree: stored.tree, dense: dense)
            segment.quantised = DocidRetriever(
                trie: stored.trie, quantiser: stored.quantiser, dense: dense)
            counts += [dense.count, stored.tree.documentCount, stored.trie.documentCount]
            let dimensions = [dense.dimension, stored.tree.dimension, stored.quantiser.dimension]
            guard dimensions.allSatisfy({ $0 == encoder.dimension }),
                stored.trie.depth == stored.quantiser.levelCount
            else {
                throw EngineError.mismatch(
                    path: folder.path, what: "its vectors and docids do not fit together")
            }
        }
        let count = ids.count
        guard counts.allSatisfy({ $0 == count }) else {
            throw EngineError.mismatch(path: folder.path, what: "its files hold different numbers of passages")
        }
    }
}
