import Foundation
import Memory
import SampleIndexes
import Search
import Serving
import Testing
import ToolServer

/// The Model Context Protocol, message by message, in both of its eras.
@Suite("Tools for models") struct TranscriptTests {
    private let server: ToolServer

    init() throws {
        var options = ToolOptions()
        (options.version, options.explains) = ("1.2.3", true)
        server = ToolServer([ServedIndex(name: "sample", engine: try Sample.lexical.get().engine)], options)
    }

    private static let meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """

    private func answer(_ message: String, _ cancellation: Cancellation = .never) throws -> JSONTree? {
        try server.answer(Array(message.utf8), cancellation).map {
            #expect(!$0.contains(0x0A))
            return try JSONDecoder().decode(JSONTree.self, from: Data($0))
        }
    }

    private func result(_ method: String, _ params: String) throws -> JSONTree? {
        try answer(#"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{\#(params)}}"#)?["result"]
    }

    @Test(
        "Clients that shake hands get their own version, or the newest of that era",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"),
            ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"),
        ]) func greeting(asked: String, given: String) throws
    {
        let result = try result(
            "initialize", #""protocolVersion":"\#(asked)","capabilities":{},"clientInfo":{"name":"x","version":"1"}"#)
        #expect(result?["protocolVersion"] == .string(given))
        #expect(result?["serverInfo"]?["version"] == .string("1.2.3"))
        #expect(try answer(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#) == nil)
        #expect(try self.result("ping", "") == .object([:]))
    }

    @Test("Clients that do not are told what there is, in every result") func discovery() throws {
        let found = try result("server/discover", Self.meta)
        guard case .array(let versions)? = found?["supportedVersions"] else { return #expect(Bool(false)) }
        #expect(versions.count == 5 && versions.first == .string("2026-07-28"))
        for (method, params) in [
            ("server/discover", ""), ("tools/list", ""), ("resources/templates/list", ""), ("resources/list", ""),
            ("tools/call", #""name":"search","arguments":{"query":"starter"},"#),
        ] {
            let result = try result(method, params + Self.meta)
            #expect(result?["resultType"] == .string("complete"), "\(method)")
            #expect(result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == .string("genret"))
            #expect((result?["ttlMs"] != nil) == (method != "tools/call"))
        }
        // What belongs to one era is unknown in the other.
        #expect(
            try answer(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{\#(Self.meta)}}"#)?["error"]?["code"]
                == .integer(-32601))
        #expect(
            try answer(#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#)?["error"]?["code"] == .integer(-32601))
    }

    @Test("What is searched for can be fetched, explained and read") func tools() throws {
        let list = try result("tools/list", "")
        guard case .array(let tools)? = list?["tools"] else { return #expect(Bool(false)) }
        #expect(tools.map { $0["name"] } == ["explain", "fetch", "search"].map { .string($0) })
        let found = try result("tools/call", #""name":"search","arguments":{"query":"sourdough starter","limit":2}"#)
        guard case .array(let results)? = found?["structuredContent"]?["results"] else { return #expect(Bool(false)) }
        #expect((1...2).contains(results.count) && results[0]["id"] == .string("sourdough-starter"))
        #expect(results[0]["url"] == .string("genret:///sample/sourdough-starter"))
        let fetched = try result("tools/call", #""name":"fetch","arguments":{"id":"sourdough-starter"}"#)?[
            "structuredContent"]
        #expect(fetched?["title"] == results[0]["title"] && fetched?["url"] == results[0]["url"])
        let why = try result(
            "tools/call", #""name":"explain","arguments":{"query":"sourdough starter","id":"sourdough-starter"}"#)
        guard case .array(let reasons)? = why?["structuredContent"]?["reasons"] else { return #expect(Bool(false)) }
        #expect(reasons.count >= 3)
        let read = try result("resources/read", #""uri":"genret:///sample/sourdough-starter""#)
        guard case .array(let contents)? = read?["contents"], case .string(let text)? = contents.first?["text"],
            case .string(let whole)? = fetched?["text"]
        else { return #expect(Bool(false)) }
        #expect(text.hasSuffix(whole))
    }

    @Test("A model is told what it did wrong; a client is told by a code") func faults() throws {
        for arguments in [
            "", #""query":3"#, #""query":"a","limit":0"#, #""query":"a","limit":51"#, #""query":"?""#, #""qery":"a""#,
        ] {
            let result = try result("tools/call", #""name":"search","arguments":{\#(arguments)}"#)
            #expect(result?["isError"] == .bool(true) && result?["structuredContent"] == nil, "\(arguments)")
        }
        let cases: [(String, Int64)] = [
            ("{", -32700), ("3", -32600), (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nothing"}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"genret:///other/a"}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#, -32602),
        ]
        for (message, code) in cases { #expect(try answer(message)?["error"]?["code"] == .integer(code), "\(message)") }
        // Several messages at once, of which one asks for nothing.
        let many = try answer(
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"}]"#)
        #expect(many == .array([.object(["jsonrpc": .string("2.0"), "id": .integer(1), "result": .object([:])])]))
    }
}
