import ToolServer

/// All that a server can be asked. A new route is a file and a line here.
package enum Routes {
    /// - Parameters:
    ///   - isAlone: whether one index is served, which paths then need not name.
    ///   - tools: offered by the Model Context Protocol; nil for none.
    package static func all(isAlone: Bool, tools: ToolServer? = nil) -> [Route] {
        let named =
            IndexRoutes.all + [IndexRoutes.adding, SearchRoutes.search, SearchRoutes.document, BatchRoute.route]
        let others =
            SystemRoutes.all + EmbeddingRoutes.all + RerankRoutes.all + (tools.map { [ToolRoute.route($0)] } ?? [])
        guard isAlone else { return others + named }
        let taken = Set((others + named).map { "\($0.method) \($0.path)" })
        let short = named.filter { $0.path.hasPrefix("/v1/{index}/") }.map { route in
            var route = route
            route.path = "/v1/" + route.path.dropFirst("/v1/{index}/".count)
            return route
        }.filter { !taken.contains("\($0.method) \($0.path)") }
        return others + named + short
    }

    /// What an index cannot be called: words that stand in the places of names.
    package static let reserved: Set<String> = {
        let routes = SystemRoutes.all + EmbeddingRoutes.all + RerankRoutes.all + IndexRoutes.all
        return Set(routes.flatMap { $0.path.split(separator: "/").map(String.init) }).union([
            "search", "doc", "add", "batch",
        ])
    }()
}
