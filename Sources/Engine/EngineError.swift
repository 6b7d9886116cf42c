import Ranking
import Storage

/// Why an index could not be opened or a query not be answered.
public enum EngineError: Error, CustomStringConvertible {
    case storage(StorageError)
    /// The manifest cannot be read.
    case manifest(path: String, reason: String)
    /// The index is of another format.
    case unsupportedFormat(path: String, found: Int)
    /// A file of the index does not belong to the others.
    case mismatch(path: String, what: String)
    /// The trained generator of an index is damaged or another.
    case generator(path: String, reason: String)
    /// The query encoder of an index is damaged or another.
    case queryEncoder(path: String, reason: String)
    /// The trained docids of an index are damaged or others.
    case docids(path: String, reason: String)
    /// The query holds nothing to search for.
    case emptyQuery
    /// The query asks for retrievers that cannot run.
    case unavailable([RetrieverKind], reason: String)
    /// The query asks for a reranking that cannot run.
    case cannotRerank(reason: String)

    public var description: String {
        switch self {
        case .storage(let error): error.description
        case .manifest(let path, let reason): "\(path): the manifest cannot be read: \(reason)"
        case .unsupportedFormat(let path, let found):
            "\(path): index format \(found), but this genret reads \(IndexManifest.supportedFormats.lowerBound) to \(IndexManifest.supportedFormats.upperBound); rebuild the index"
        case .mismatch(let path, let what): "\(path): \(what); rebuild the index"
        case .generator(let path, let reason): Self.installed(path, reason, "generator")
        case .queryEncoder(let path, let reason): Self.installed(path, reason, "dense")
        case .docids(let path, let reason): Self.installed(path, reason, "docid")
        case .emptyQuery: "the query is empty: give at least one word"
        case .unavailable(let kinds, let reason):
            "\(kinds.sorted().map(\.rawValue).joined(separator: " and ")) cannot run: \(reason)"
        case .cannotRerank(let reason): "nothing can be reranked: \(reason)"
        }
    }

    /// What is wrong with a model that a command puts into an index.
    private static func installed(_ path: String, _ reason: String, _ command: String) -> String {
        "\(reason.hasPrefix(path) ? "" : path + ": ")\(reason); \"genret \(command) set\" puts it there anew"
    }
}
