import Engine
import Memory
import Search
import Serving

/// Finds passages.
struct SearchTool: Tool {
    let shelf: Shelf
    let name = "search"
    let title = "Search"
    let summary: String

    init(_ shelf: Shelf) {
        self.shelf = shelf
        summary = """
            Searches \(shelf.contents). Questions in full sentences work as well as words. Returns the best passages with \
            their ids and the part of each that matches; fetch gives the whole of one.
            """
    }

    var input: [Schema.Member] {
        [
            Schema.Member("query", .text, "A question, or words.", required: true),
            Schema.Member("limit", .integer(least: 1, most: shelf.options.maxHits), "How many results; 10 without it."),
        ] + shelf.choice
    }

    let output = Schema.object([
        Schema.Member(
            "results",
            .array(
                .object([
                    Schema.Member("id", .text, required: true), Schema.Member("title", .text, required: true),
                    Schema.Member("url", .text, required: true), Schema.Member("text", .text, required: true),
                    Schema.Member("score", .number, required: true),
                ])), required: true)
    ])

    func call(_ arguments: ToolArguments, _ cancellation: Cancellation) throws -> JSONTree {
        let index = try shelf.index(arguments)
        let usual = min(10, shelf.options.maxHits)
        var request = SearchRequest(
            try arguments.text("query"), hits: try arguments.integer("limit", 1...shelf.options.maxHits) ?? usual)
        request.fields = [.title, .snippet]
        try SearchCall.check(request, shelf.options.limits)
        let found = try index.engine.search(request, cancellation: cancellation)
        return .object([
            "results": .array(
                found.candidates.map { candidate in
                    .object([
                        "id": .string(candidate.docid), "title": .string(Shelf.clean(candidate.title ?? "")),
                        "url": .string(shelf.url(of: candidate.docid, in: index)),
                        "text": .string(Shelf.clean(candidate.snippet?.text ?? "")),
                        "score": .number(Double(candidate.score)),
                    ])
                })
        ])
    }
}
