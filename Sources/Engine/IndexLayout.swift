/// The names of the files of an index; `docs/format.md` describes each.
package enum IndexLayout {
    package static let manifest = "manifest.json"
    package static let tokenizer = "tokenizer.json"
    /// External ids, titles and texts.
    package static let passages = "passages.gnr"
    package static let ngrams = "ngrams.gnr"
    package static let terms = "terms.gnr"
    package static let vectors = "vectors.gnr"
    package static let docids = "docids.gnr"

    package static let passagesKind = "passages"
    package static let docidsKind = "docids"
}
