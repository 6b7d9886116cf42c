import IndexStore
import Memory
import Search
import Storage

/// Why an index could not be opened or a query not be answered. The cases carry facts; what a person can do about
/// them is said where people are.
public indirect enum EngineError: Error, Sendable, Equatable {
    case storage(StorageError)
    /// Files of the index do not belong together.
    case mismatch(path: String, what: String)
    /// The index was built without an encoder.
    case noEncoder(index: String)
    /// The index's encoder is not in the model cache.
    case encoderNotInstalled(name: String)
    /// The encoder in the model cache is another than the index was built with.
    case otherEncoder(name: String, folder: String, index: String)
    /// A model cannot be loaded.
    case model(path: String, reason: String)
    /// Docids do not fit their network or their index.
    case docids(path: String, reason: String)
    /// The index has no part of a kind.
    case noPart(kind: ComponentID, index: String)
    /// A part was not trained for what is asked of it.
    case notTrained(kind: ComponentID, what: String, index: String)
    /// The query holds nothing to search for.
    case emptyQuery
    /// A component that needs the query's vector or states was given none.
    case queryWithoutVector
    /// The index's vectors were imported, and the query comes without one of its own.
    case vectorNotGiven(index: String)
    /// The query comes with a vector, and the retriever finds by texts.
    case textNotGiven
    /// The query comes with a vector, and the index has none that were imported.
    case vectorsNotImported(index: String)
    /// The query's vector is of another length than the index's.
    case vectorOfOtherLength(index: String, given: Int, expected: Int)
    /// The query's vector is all zeros, or not finite.
    case vectorWithoutDirection
    /// The query asks for retrievers that cannot run.
    case unavailable([ComponentID], because: EngineError)
    /// The query asks for a reranking that cannot run.
    case cannotRerank(because: EngineError)
    /// No retriever of the search reads what feedback changes.
    case nothingReads(QueryForms)
    /// The index has no reranker that weighs anything.
    case nothingReranks
    /// No retriever or reranker has the name.
    case unknownComponent(String, known: [ComponentID])
    /// An option has a value that cannot be.
    case option(OptionFault)
    /// No passage has the id.
    case noPassage(id: String)
    /// A filter or a count asks of a field that no passage has.
    case unknownField(String, known: [String])
    /// The search was ended before it had an answer.
    case cancelled
    /// The query names no retriever.
    case noRetriever
    /// Something else, in the words of what failed.
    case other(String)
}

extension EngineError {
    /// Any error of a component, as what it is to the caller of a search.
    init(_ error: any Error) {
        switch error {
        case let error as EngineError: self = error
        case let error as StorageError: self = .storage(error)
        case let error as OptionFault: self = .option(error)
        case is Cancelled: self = .cancelled
        default: self = .other("\(error)")
        }
    }
}

extension EngineError {
    /// Whether files are missing, or not what they should be.
    var isOfFiles: Bool {
        switch self {
        case .storage, .mismatch, .model, .docids, .other: true
        case .unavailable(_, let reason), .cannotRerank(let reason): reason.isOfFiles
        default: false
        }
    }
}

extension EngineError {
    /// Whether it is the query that lacks something, so that nothing can be there the next time that is not there now.
    var isOfQuery: Bool {
        switch self {
        case .vectorNotGiven, .textNotGiven: true
        default: false
        }
    }
}

extension EngineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .storage(let error): error.description
        case .mismatch(let path, let what): "\(path): \(what); rebuild the index"
        case .noEncoder: "the index was built without an encoder"
        case .encoderNotInstalled(let name): "the encoder \(name) is not installed"
        case .otherEncoder(let name, let folder, let index):
            "\(index): it was built with another \(name) than that in \(folder)"
        case .model(let path, let reason), .docids(let path, let reason):
            reason.hasPrefix(path) ? reason : "\(path): \(reason)"
        case .noPart(let kind, _): "the index has no \(kind)"
        case .notTrained(let kind, let what, _): "the index's \(kind) was not trained for \(what)"
        case .emptyQuery: "the query is empty: give at least one word"
        case .queryWithoutVector: "the query has no vector"
        case .vectorNotGiven: "the index's vectors were imported, and the query comes without one"
        case .textNotGiven: "the query comes with a vector and without a text"
        case .vectorsNotImported(let index):
            "\(index): it has no imported vectors, which are all that a query's own can be compared with"
        case .vectorOfOtherLength(let index, let given, let expected):
            "\(index): its vectors have \(expected) numbers, the query's has \(given)"
        case .vectorWithoutDirection: "the query's vector is all zeros, or holds a number that is not finite"
        case .unavailable(let ids, let reason): "\(ids.map(\.name).joined(separator: " and ")) cannot run: \(reason)"
        case .cannotRerank(let reason): "nothing can be reranked: \(reason)"
        case .nothingReads(let forms):
            "no retriever of this search reads the query's "
                + (forms == .terms ? "terms" : forms == .vector ? "vector" : "terms or its vector")
        case .nothingReranks: "the index has no reranker that weighs anything"
        case .unknownComponent(let name, let known):
            "no retriever or reranker is called \"\(name)\"; there are \(known.map(\.name).joined(separator: ", "))"
        case .option(let fault): fault.description
        case .noRetriever: "no retriever was named"
        case .noPassage(let id): "no passage has the id \"\(id)\""
        case .unknownField(let name, let known):
            "no passage has a field \"\(name)\""
                + (known.isEmpty
                    ? "; the index has no fields" : "; there are \(known.prefix(20).joined(separator: ", "))")
        case .cancelled: "the search was ended"
        case .other(let reason): reason
        }
    }
}

extension OptionFault: CustomStringConvertible {
    public var description: String {
        guard let known else { return "\(member) must be \(expected)" }
        return "there is no \(member)" + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
    }
}
