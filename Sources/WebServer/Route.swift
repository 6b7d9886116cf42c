import HTTPTypes
import HummingbirdCore
import Serving

/// Something that can be asked for by HTTP.
package struct Route: Sendable {
    /// What a caller must be allowed.
    package enum Access: Sendable { case open, search, metrics, admin }

    /// The shape in which a failure is told, which clients of other services expect of their own.
    enum Failures: Sendable { case problem, openAI, textEmbeddings }

    package var method: HTTPRequest.Method
    /// Segments in braces are open; `{+name}` is the rest of the path.
    package var path: String
    package var access: Access
    var failures = Failures.problem
    var about: RouteDescription
    var handler: @Sendable (Exchange, ServerState) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ about: RouteDescription,
        failures: Failures = .problem, handler: @escaping @Sendable (Exchange, ServerState) async throws -> Response
    ) {
        (self.method, self.path, self.access, self.about) = (method, path, access, about)
        (self.failures, self.handler) = (failures, handler)
    }
}

/// What the OpenAPI document says of a route.
struct RouteDescription: Sendable {
    struct Parameter: Sendable {
        var name: String
        var summary: String
        var schema: Schema
        var isRequired = false
    }

    var summary: String
    /// Parameters of the query string.
    var parameters: [Parameter] = []
    /// The body's schema by its type; nil where there is none.
    var request: (type: String, schema: Schema)?
    /// The answer's schemas by their types.
    var responses: [(type: String, schema: Schema)] = [("application/json", .anything)]
    /// Statuses besides 200 and those that every route may give.
    var failures: [Int] = []

    init(
        _ summary: String, parameters: [Parameter] = [], request: Schema? = nil,
        requestType: String = "application/json",
        response: Schema? = nil, responseType: String = "application/json", failures: [Int] = []
    ) {
        (self.summary, self.parameters, self.failures) = (summary, parameters, failures)
        self.request = request.map { (requestType, $0) }
        responses = [(responseType, response ?? .anything)]
    }
}
