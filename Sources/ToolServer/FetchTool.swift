import Engine
import Memory
import Search
import Serving

/// Gives the whole of a passage.
struct FetchTool: Tool {
    let shelf: Shelf
    let name = "fetch"
    let title = "Fetch"
    let summary = "Gives the whole text of a passage by the id that search returned."

    var input: [Schema.Member] {
        [Schema.Member("id", .text, "The id of a result of search.", required: true)] + shelf.choice
    }

    let output = Schema.object([
        Schema.Member("id", .text, required: true), Schema.Member("title", .text, required: true),
        Schema.Member("text", .text, required: true), Schema.Member("url", .text, required: true),
        Schema.Member("metadata", .map(.anything), required: true),
    ])

    func call(_ arguments: ToolArguments, _ cancellation: Cancellation) throws -> JSONTree {
        let index = try shelf.index(arguments)
        let id = try arguments.text("id")
        guard let passage = try index.engine.passagesWithFields(ids: [id])[0] else {
            throw EngineError.noPassage(id: id)
        }
        return .object([
            "id": .string(id), "title": .string(Shelf.clean(passage.text.title)),
            "text": .string(Shelf.clean(passage.text.text)), "url": .string(shelf.url(of: id, in: index)),
            "metadata": passage.fields ?? .object([:]),
        ])
    }
}
