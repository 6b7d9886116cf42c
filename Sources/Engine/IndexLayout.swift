import Docids

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

    /// The folder of a segment, by its number from 1.
    package static func segment(_ number: Int) -> String {
        let digits = String(number)
        return "segment-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The folder of a trained generator, and its files.
    package static let generator = "generator"
    package static let generatorFiles = ["config.json", "model.safetensors"]

    /// The folder of a trained query encoder, and its files.
    package static let queryEncoder = "query-encoder"
    package static let queryEncoderFiles = ["config.json", "model.safetensors"]

    /// The folder of trained docids, its files that come from the training, and that of the entries.
    package static let trainedDocids = "docids"
    package static let docidFiles = ["config.json", "model.safetensors"]
    package static let entries = "entries.gnr"
    /// In a training's folder, the entries with vectors that were trained.
    package static let trainedEntries = "trained-entries.gnr"
    package static let sequences = "sequences.gnr"
    /// The file of a scheme's docids.
    package static func docidFile(_ scheme: DocidScheme) -> String { scheme.isAnchored ? entries : sequences }

    /// The folder of the passages' queries, and a maker's file.
    package static let queries = "queries"
    package static func queries(_ maker: String) -> String { "\(queries)/\(maker).gnr" }

    package static let passagesKind = "passages"
    package static let docidsKind = "docids"
    package static let entriesKind = "docid-entries"
    package static let sequencesKind = "docid-sequences"
}
