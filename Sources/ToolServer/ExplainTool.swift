import Engine
import Memory
import Search
import Serving

/// Says why a passage is where it is.
struct ExplainTool: Tool {
    let shelf: Shelf
    let name = "explain"
    let title = "Explain"
    let summary = """
        Says why a passage has its score for a query: what each retriever gave, which generated n-grams stand in it, \
        and which docid leads to it.
        """

    var input: [Schema.Member] {
        [Schema.Member("query", .text, required: true), Schema.Member("id", .text, required: true)] + shelf.choice
    }

    let output = Schema.object([
        Schema.Member("id", .text, required: true), Schema.Member("score", .number, required: true),
        Schema.Member("reasons", .array(.text), required: true),
    ])

    func call(_ arguments: ToolArguments, _ cancellation: Cancellation) throws -> JSONTree {
        let index = try shelf.index(arguments)
        let (query, id) = (try arguments.text("query"), try arguments.text("id"))
        try SearchCall.check(SearchRequest(query), shelf.options.limits)
        let explanation = try index.engine.explain(query, docid: id, cancellation: cancellation)
        return .object([
            "id": .string(id), "score": .number(Double(explanation.score.total)),
            "reasons": .array(Self.reasons(explanation).map { .string(Shelf.clean($0)) }),
        ])
    }

    /// The explanation in sentences.
    static func reasons(_ explanation: Explanation) -> [String] {
        var reasons = explanation.score.parts.map { part in
            let rank = part.rank.map { "found it at rank \($0) and " } ?? ""
            return "\(part.name) \(rank)gave \(part.contribution) of the score"
        }
        for key in explanation.detail("keys", as: [GeneratedKey].self) ?? [] {
            reasons.append("the n-gram \"\(key.text)\" stands in it and weighs \(key.weight)")
        }
        if let path = explanation.detail("docid", as: DocidPath.self) {
            let tokens = path.levels.map { "\($0.token)" }.joined(separator: ", ")
            reasons.append(
                "its docid (\(path.scheme)) is \(tokens)" + (path.text.map { "; it stands for: \($0)" } ?? ""))
        }
        return reasons
    }
}
