import HTTPTypes
import HummingbirdCore
import NIOCore
import Search
import Serving
import ToolServer

/// The Model Context Protocol over HTTP, without sessions: a message in, an answer out.
enum ToolRoute {
    static func route(_ server: ToolServer) -> Route {
        Route(
            .post, "/mcp", .search,
            RouteDescription(
                "A message of the Model Context Protocol.", request: .map(.anything), response: .map(.anything))
        ) { exchange, state in
            let body = try await exchange.json(state)
            if let fault = fault(exchange.request.headers, body) { return .json(bytes: fault, status: .badRequest) }
            let cancellation = exchange.cancellation(state)
            guard let answer = try await state.pool.run({ server.answer(body, cancellation) }) else {
                return Response(status: .accepted)
            }
            // What is not known is not found, as the transport asks.
            let isUnknown = (try? JSONBody(answer).isUnknownMethod) ?? false
            return .json(bytes: answer, status: isUnknown ? .notFound : .ok)
        }
    }

    /// A message whose headers say another thing than its body is refused.
    private static func fault(_ headers: HTTPFields, _ body: [UInt8]) -> [UInt8]? {
        guard let message = try? JSONBody(body) else { return nil }
        let said: [(String, HTTPField.Name, String?)] = [
            ("MCP-Protocol-Version", .protocolVersion, message.meta("protocolVersion")),
            ("Mcp-Method", .protocolMethod, message.word("method")),
            ("Mcp-Name", .protocolName, message.parameter("name") ?? message.parameter("uri")),
        ]
        for (name, field, own) in said {
            guard let header = headers[field], let own, header != own else { continue }
            return ToolServer.headerMismatch(name, message.tree)
        }
        return nil
    }
}

extension HTTPField.Name {
    fileprivate static let protocolVersion = named("MCP-Protocol-Version")
    fileprivate static let protocolMethod = named("Mcp-Method")
    fileprivate static let protocolName = named("Mcp-Name")
}

extension JSONBody {
    fileprivate var isUnknownMethod: Bool { tree["error"]?["code"] == .integer(-32601) }
    fileprivate func word(_ name: String) -> String? { Self.text(tree[name]) }
    fileprivate func parameter(_ name: String) -> String? { Self.text(tree["params"]?[name]) }
    fileprivate func meta(_ name: String) -> String? {
        Self.text(tree["params"]?["_meta"]?["io.modelcontextprotocol/\(name)"])
    }

    private static func text(_ tree: JSONTree?) -> String? {
        if case .string(let text)? = tree { text } else { nil }
    }
}
