import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Storage

extension Problem {
    /// Any error of a call, as its caller is told.
    public init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let fault as OptionFault: self.init(.invalidOption, fault.description, member: fault.member)
        case let error as EngineError: self.init(error)
        case StorageError.locked: self.init(.conflict, "another process is changing this index; try again later")
        case let error as StorageError: self.init(.indexFailed, error.description)
        case let error as DecodingError: self.init(error)
        case CorpusError.cancelled: self.init(.cancelled, "the call was ended")
        case let error as CorpusError: self.init(.invalidOption, error.description, member: "passages")
        case IndexingError.noPassages(let count, let first, _):
            self.init(
                .unknownDocid,
                count == 1
                    ? "no passage has the id \"\(first)\"" : "\(count) ids are of no passage; the first is \"\(first)\""
            )
        case IndexingError.passageExists(let id, _):
            self.init(.conflict, "a passage with the id \"\(id)\" is there already; replace says that it is replaced")
        case IndexingError.vectorsMissing: self.init(.invalidOption, "\(error)", member: "passages")
        case IndexingError.destinationExists: self.init(.conflict, "\(error)", member: "index")
        case is Cancelled: self.init(.cancelled, "the call was ended")
        default: self.init(.internalError, "\(error)")
        }
    }

    private init(_ error: EngineError) {
        let code: Code =
            switch error {
            case .emptyQuery: .emptyQuery
            case .option, .unknownComponent, .unknownField, .noRetriever, .vectorsNotImported, .vectorOfOtherLength,
                .vectorWithoutDirection:
                .invalidOption
            case .noPassage: .unknownDocid
            case .unavailable: .retrieverUnavailable
            case .cannotRerank, .noEncoder, .encoderNotInstalled: .cannotRerank
            case .cancelled: .cancelled
            default: .indexFailed
            }
        let member: String? =
            switch error {
            case .option(let fault): fault.member
            case .unknownField: "where"
            case .unknownComponent: "retrievers"
            case .emptyQuery: "query"
            case .vectorsNotImported, .vectorOfOtherLength, .vectorWithoutDirection: "vector"
            default: nil
            }
        self.init(code, error.description, member: member)
    }

    /// What a request's JSON is not, by the path of the member at fault.
    private init(_ error: DecodingError) {
        func fault(_ context: DecodingError.Context, _ what: String, _ last: [any CodingKey] = []) -> Problem {
            let path = (context.codingPath + last).map(\.stringValue).joined(separator: ".")
            return Problem(
                .invalidOption, "\(path.isEmpty ? "the request" : path) \(what)", member: path.isEmpty ? nil : path)
        }
        switch error {
        case .keyNotFound(let key, let context): self = fault(context, "must be given", [key])
        case .typeMismatch(_, let context), .valueNotFound(_, let context): self = fault(context, "is of another type")
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            let reason = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String
            self.init(.invalidJSON, "the body is no JSON" + (reason.map { ": \($0)" } ?? ""))
        case .dataCorrupted(let context): self = fault(context, "cannot be this")
        @unknown default: self.init(.invalidOption, "the request is not what it should be")
        }
    }
}
