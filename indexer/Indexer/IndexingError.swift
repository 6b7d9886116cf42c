import Corpora
import Engine
import Storage

/// Why an index was not built. Whatever the reason, nothing is left behind and nothing that stood
/// at the destination is touched.
public enum IndexingError: Error, CustomStringConvertible {
    case corpus(CorpusError)
    case storage(StorageError)
    /// The destination is taken.
    case destinationExists(path: String, isIndex: Bool)
    /// A file in a folder of the index to be replaced that is no part of one.
    case strangerInIndex(path: String)
    /// The build was interrupted.
    case cancelled
    /// The corpus is larger than one index holds.
    case tooLarge(String)
    /// The build is asked to keep to less memory than a small segment takes.
    case memoryTooSmall(limit: Int, least: Int, withEncoder: Bool)
    /// Something else, in the operating system's words.
    case other(String)
    /// The encoder cannot be used.
    case encoder(String)
    /// The index at hand cannot be opened.
    case index(EngineError)
    /// Trained docids do not fit an index.
    case docids(String)
    /// A generator does not fit an index.
    case generator(String)

    init(_ error: CorpusError) {
        self = error == .cancelled ? .cancelled : .corpus(error)
    }

    private static func mebibytes(_ bytes: Int) -> String {
        bytes < 1 << 20 ? "less than 1M" : "\(bytes >> 20)M"
    }

    public var description: String {
        switch self {
        case .corpus(let error): error.description
        case .storage(let error): error.description
        case .destinationExists(let path, true): "\(path): an index stands there already; give --force to replace it"
        case .destinationExists(let path, false): "\(path): stands there already and is not an index; choose another place"
        case .strangerInIndex(let path):
            "\(path): no file of an index, and it would be lost with the folder; move it away first"
        case .cancelled: "interrupted"
        case .tooLarge(let reason), .other(let reason): reason
        case .encoder(let reason), .generator(let reason), .docids(let reason): reason
        case .index(let error): error.description
        case .memoryTooSmall(let limit, let least, let withEncoder):
            "\(Self.mebibytes(limit)) of memory is too little to index \(withEncoder ? "with" : "without") an encoder; give at least \(least >> 20)M"
        }
    }
}
