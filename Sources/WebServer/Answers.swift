import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Search
import Serving

extension Response {
    /// JSON bytes.
    static func json(
        bytes: some Sequence<UInt8>, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        .bytes(ByteBuffer(bytes: bytes), type: type, status: status)
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        .json(bytes: try JSONTree.bytes(of: value), status: status)
    }

    static func text(_ text: String, type: String) -> Response { .bytes(ByteBuffer(string: text), type: type) }

    static func bytes(_ buffer: ByteBuffer, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: buffer))
    }

    /// An answer of a call, which a client may have already.
    static func answer(_ answer: CallDesk.Answer, for request: Request) -> Response {
        guard let tag = answer.key.map({ "W/\"\($0.text)\"" }) else { return .json(bytes: answer.bytes) }
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var response =
            request.method == .get && (known?.contains(tag) ?? false)
            ? Response(status: .notModified) : Response.json(bytes: answer.bytes)
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = "private, no-cache"
        return response
    }

    /// A problem, in the shape that a route's clients know.
    static func problem(_ problem: Problem, _ shape: Route.Failures) -> Response {
        struct OpenAIError: Encodable {
            struct Body: Encodable {
                var message: String
                var type: String
                var code: String
                var param: String?
            }
            var error: Body
        }
        struct TextEmbeddingsError: Encodable {
            var error: String
            var error_type: String
        }
        let status = HTTPResponse.Status(code: problem.status, reasonPhrase: problem.title)
        let body: any Encodable & Sendable =
            switch shape {
            case .problem: problem
            case .openAI:
                OpenAIError(
                    error: .init(
                        message: problem.detail,
                        type: problem.status < 500 ? "invalid_request_error" : "server_error",
                        code: problem.code.rawValue, param: problem.member))
            case .textEmbeddings: TextEmbeddingsError(error: problem.detail, error_type: problem.code.rawValue)
            }
        let type = shape == .problem ? "application/problem+json" : "application/json"
        var response = Response.json(
            bytes: (try? JSONTree.bytes(of: body)) ?? Data("{}".utf8), status: status, type: type)
        switch problem.code {
        case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer"
        case .busy, .stopping: response.headers[.retryAfter] = "1"
        default: break
        }
        return response
    }
}
