import HTTPTypes
import Search
import Serving

/// The description of all routes, in OpenAPI 3.1, made from the routes themselves.
package struct OpenAPI {
    let configuration: ServerConfiguration
    /// The names of the indexes.
    let indexes: [String]

    package init(configuration: ServerConfiguration, indexes: [String]) {
        (self.configuration, self.indexes) = (configuration, indexes)
    }

    package var document: JSONTree {
        .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("genret"), "version": .string(configuration.version),
                "summary": .string("Search that generates the identifiers of its answers."),
            ]),
            "paths": .object(paths),
            "components": .object(["schemas": .object(schemas), "securitySchemes": .object(securitySchemes)]),
        ])
    }

    private var schemas: [String: JSONTree] {
        Schema.named(within: configuration.limits).merging(WebSchemas.all) { $1 }.mapValues { $0.tree() }
    }

    private var securitySchemes: [String: JSONTree] {
        [
            "bearer": .object(["type": .string("http"), "scheme": .string("bearer")]),
            "key": .object(["type": .string("apiKey"), "in": .string("header"), "name": .string("X-API-Key")]),
        ]
    }

    private var paths: [String: JSONTree] {
        var paths: [String: JSONTree] = [:]
        for route in Routes.all(isAlone: false) {
            // OpenAPI knows no name for the rest of a path.
            let path = route.path.replacing("{+", with: "{")
            var item = paths[path] ?? .object([:])
            item[route.method.rawValue.lowercased()] = operation(route, path)
            paths[path] = item
        }
        return paths
    }

    private func operation(_ route: Route, _ path: String) -> JSONTree {
        let about = route.about
        var operation: [String: JSONTree] = [
            "summary": .string(about.summary), "operationId": .string(identifier(route)),
            "responses": .object(responses(route)),
        ]
        let parameters =
            places(path).map { parameter($0, "path", $0 == "index" ? .oneOf(indexes) : .text, true, nil) }
            + about.parameters.map { parameter($0.name, "query", $0.schema, $0.isRequired, $0.summary) }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let (type, schema) = about.request {
            operation["requestBody"] = .object([
                "required": .bool(true), "content": content([(type, schema)]),
            ])
        }
        let names = ["bearer", "key"].map { JSONTree.object([$0: .array([])]) }
        switch route.access {
        case .open: break
        case .search, .metrics: operation["security"] = .array([.object([:])] + names)
        case .admin: operation["security"] = .array(names)
        }
        return .object(operation)
    }

    private func identifier(_ route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
    }

    private func places(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    private func parameter(
        _ name: String, _ place: String, _ schema: Schema, _ isRequired: Bool, _ summary: String?
    ) -> JSONTree {
        var members: [String: JSONTree] = [
            "name": .string(name), "in": .string(place), "required": .bool(isRequired), "schema": schema.tree(),
        ]
        if let summary { members["description"] = .string(summary) }
        return .object(members)
    }

    private func content(_ schemas: [(type: String, schema: Schema)]) -> JSONTree {
        .object(
            Dictionary(schemas.map { ($0.type, .object(["schema": $0.schema.tree()])) }) { own, _ in own })
    }

    private func responses(_ route: Route) -> [String: JSONTree] {
        var responses: [String: JSONTree] = [
            "200": .object(["description": .string("The answer."), "content": content(route.about.responses)])
        ]
        var statuses = Set(route.about.failures).union([400, 421])
        if route.access != .open { statuses.formUnion([401, 403, 429, 503]) }
        if route.access == .search || route.access == .admin { statuses.formUnion([404, 500, 504]) }
        if route.about.request != nil { statuses.formUnion([413, 415]) }
        let (type, own): (String, Schema) =
            switch route.failures {
            case .problem: ("application/problem+json", .named("Problem"))
            // Reranking speaks two dialects at one address.
            case .openAI: ("application/json", .any([.named("OpenAIError"), .named("TextEmbeddingsError")]))
            case .textEmbeddings: ("application/json", .named("TextEmbeddingsError"))
            }
        for status in statuses {
            // What fails before a route is known to its full is told in one shape.
            responses["\(status)"] = .object([
                "description": .string(status == 503 ? "Too many requests wait." : "Why there is no answer."),
                "content": content([(type, own), ("application/problem+json", .named("Problem"))]),
            ])
        }
        return responses
    }
}
