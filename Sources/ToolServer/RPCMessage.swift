import Foundation
import Search

/// A message of JSON-RPC 2.0, as clients of the Model Context Protocol send it.
struct RPCMessage: Sendable {
    /// A text or a whole number; nil for a notification, which has no answer.
    var id: JSONTree?
    var method: String
    var params: JSONTree

    /// - Throws: ``RPCError``.
    init(_ tree: JSONTree) throws(RPCError) {
        guard case .object(let members) = tree else { throw RPCError(.invalidRequest, "a message is an object") }
        let id = members["id"]
        switch id {
        case nil, .string, .integer: self.id = id
        default: throw RPCError(.invalidRequest, "an id is a text or a whole number")
        }
        guard members["jsonrpc"] == .string("2.0") else {
            throw RPCError(.invalidRequest, "jsonrpc must be \"2.0\"", id: id)
        }
        guard case .string(let method)? = members["method"] else {
            throw RPCError(.invalidRequest, "a message has a method", id: id)
        }
        self.method = method
        params = members["params"] ?? .object([:])
        guard case .object = params else { throw RPCError(.invalidParams, "params is an object", id: id) }
    }

    /// A member of the parameters' `_meta`.
    func meta(_ name: String) -> JSONTree? { params["_meta"]?["io.modelcontextprotocol/\(name)"] }
}

/// Why a message has no result.
struct RPCError: Error, Sendable, Equatable {
    enum Code: Int64, Sendable {
        case parse = -32700
        case invalidRequest = -32600
        case unknownMethod = -32601
        case invalidParams = -32602
        case headerMismatch = -32020
        case unsupportedVersion = -32022
    }

    var code: Code
    var message: String
    var data: JSONTree?
    /// Of the message, where it could be read.
    var id: JSONTree?

    init(_ code: Code, _ message: String, data: JSONTree? = nil, id: JSONTree? = nil) {
        (self.code, self.message, self.data, self.id) = (code, message, data, id)
    }
}

/// The lines that answers are.
enum RPCAnswer {
    static func result(_ result: JSONTree, id: JSONTree) -> JSONTree {
        .object(["jsonrpc": .string("2.0"), "id": id, "result": result])
    }

    static func failure(_ error: RPCError, id: JSONTree?) -> JSONTree {
        var body: [String: JSONTree] = ["code": .integer(error.code.rawValue), "message": .string(error.message)]
        body["data"] = error.data
        return .object(["jsonrpc": .string("2.0"), "id": id ?? error.id ?? .null, "error": .object(body)])
    }
}
