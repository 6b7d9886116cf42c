import HTTPTypes
import Search
import Serving
import Testing
import WebServer

@Suite("Routes") struct RouteTests {
    private let table = RouteTable(Routes.all(isAlone: true))

    private func found(_ method: HTTPRequest.Method, _ path: String) -> (path: String, parameters: [String: String])? {
        guard case .found(let route, let parameters) = table.find(method, path) else { return nil }
        return (route.path, parameters)
    }

    @Test("Paths lead to routes, and open places are decoded") func paths() {
        let cases: [(HTTPRequest.Method, String, String, [String: String])] = [
            (.get, "/", "/", [:]), (.get, "/health", "/health", [:]), (.head, "/health", "/health", [:]),
            (.get, "/v1/indexes", "/v1/indexes", [:]), (.get, "/v1/notes", "/v1/{index}", ["index": "notes"]),
            (.post, "/v1/notes/search", "/v1/{index}/search", ["index": "notes"]),
            (.get, "/v1/notes/search", "/v1/{index}/search", ["index": "notes"]),
            (.post, "/v1/search", "/v1/search", [:]), (.get, "/v1/search", "/v1/search", [:]),
            (.post, "/v1/notes/search/batch", "/v1/{index}/search/batch", ["index": "notes"]),
            (.get, "/v1/notes/doc/a/b%2Fc", "/v1/{index}/doc/{+docid}", ["index": "notes", "docid": "a/b/c"]),
            (.get, "/v1/notes/doc/%C3%A4", "/v1/{index}/doc/{+docid}", ["index": "notes", "docid": "ä"]),
            (.post, "/v1/embeddings", "/v1/embeddings", [:]), (.post, "/v1/rerank", "/v1/rerank", [:]),
        ]
        for (method, path, route, parameters) in cases {
            let own = found(method, path)
            #expect(own?.path == route && own?.parameters == parameters, "\(method) \(path)")
        }
        for path in ["/nothing", "/v1/", "/v1//search", "/v1/a/doc/", "/v1/a/b/c/d", "/v1/%FF", "/v1/%4", "//"] {
            #expect(found(.get, path) == nil, "\(path)")
        }
    }

    @Test("A path without the method tells those that it has, of the same path alone") func methods() {
        func others(_ method: HTTPRequest.Method, _ path: String) -> [String]? {
            guard case .otherMethods(let methods) = table.find(method, path) else { return nil }
            return methods.map(\.rawValue).sorted()
        }
        #expect(others(.put, "/v1/notes/search") == ["GET", "POST"])
        #expect(others(.get, "/v1/embeddings") == ["POST"])
        #expect(others(.post, "/health") == ["GET"])
        #expect(others(.post, "/nothing") == nil)
    }

    @Test("Indexes need not be named where there is one, and cannot be called as routes are") func names() {
        #expect(RouteTable(Routes.all(isAlone: false)).routes.allSatisfy { $0.path != "/v1/search" })
        for name in ["indexes", "embeddings", "events", "models", "rerank", "search", "doc", "batch", "add"] {
            #expect(Routes.reserved.contains(name), "\(name)")
        }
    }

    @Test("The description has every route, and no other") func description() throws {
        let routes = Routes.all(isAlone: false)
        let document = OpenAPI(configuration: ServerConfiguration(), indexes: ["a"]).document
        guard case .object(let paths)? = document["paths"] else { return #expect(Bool(false)) }
        var described: Set<String> = []
        for (path, item) in paths {
            guard case .object(let operations) = item else { continue }
            for method in operations.keys { described.insert("\(method.uppercased()) \(path)") }
        }
        #expect(described == Set(routes.map { "\($0.method.rawValue) \($0.path.replacing("{+", with: "{"))" }))
    }

    @Test("Query strings") func queries() throws {
        #expect(try QueryString.parameters("a=b+c&d=%C3%A4%26&e") == ["a": "b c", "d": "ä&", "e": ""])
        for bad in ["a=%FF", "a=%4", "a=1&a=2"] {
            #expect(throws: Problem.self) { try QueryString.parameters(Substring(bad)) }
        }
    }
}
