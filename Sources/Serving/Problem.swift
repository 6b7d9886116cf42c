import Engine
import Foundation

/// Why a call has no answer, as every interface says it: RFC 9457's problem details, with a code for programs. `error` repeats the
/// sentence for clients of Pyserini's server.
public struct Problem: Error, Sendable, Equatable, Codable {
    public enum Code: String, Sendable, Codable, CaseIterable {
        case invalidJSON = "invalid_json"
        case invalidOption = "invalid_option"
        case emptyQuery = "empty_query"
        case badHeader = "bad_header"
        case unauthorized, forbidden
        case notFound = "not_found"
        case unknownIndex = "unknown_index"
        case unknownDocid = "unknown_docid"
        case methodNotAllowed = "method_not_allowed"
        case conflict
        case tooLarge = "too_large"
        case unsupportedType = "unsupported_type"
        case wrongHost = "wrong_host"
        case tooManyRequests = "too_many_requests"
        case retrieverUnavailable = "retriever_unavailable"
        case cannotRerank = "cannot_rerank"
        case busy
        case stopping
        case timedOut = "timed_out"
        case cancelled
        case indexFailed = "index_failed"
        case wrongProcess = "wrong_process"
        case internalError = "internal"

        /// The HTTP status, and what RFC 9110 calls it.
        public var status: (number: Int, title: String) {
            switch self {
            case .invalidJSON, .invalidOption, .emptyQuery, .badHeader: (400, "Bad request")
            case .unauthorized: (401, "Unauthorized")
            case .forbidden: (403, "Forbidden")
            case .notFound, .unknownIndex, .unknownDocid: (404, "Not found")
            case .methodNotAllowed: (405, "Method not allowed")
            case .conflict: (409, "Conflict")
            case .tooLarge: (413, "Content too large")
            case .unsupportedType: (415, "Unsupported media type")
            case .wrongHost: (421, "Misdirected request")
            case .retrieverUnavailable, .cannotRerank: (422, "Unprocessable content")
            case .tooManyRequests: (429, "Too many requests")
            case .indexFailed, .wrongProcess, .internalError: (500, "Internal server error")
            // nginx' status; nobody is left to read it.
            case .cancelled: (499, "Client closed request")
            case .busy, .stopping: (503, "Service unavailable")
            case .timedOut: (504, "Gateway timeout")
            }
        }
    }

    public var type = "about:blank"
    public var title: String
    public var status: Int
    public var code: Code
    public var detail: String
    /// The member of the request that is at fault.
    public var member: String?
    public var error: String
    public var requestId: String?

    public init(_ code: Code, _ detail: String, member: String? = nil) {
        (title, status) = (code.status.title, code.status.number)
        self.code = code
        self.detail = detail
        self.member = member
        error = detail
    }
}

extension Problem: CustomStringConvertible {
    public var description: String { detail }
}
