import Engine
import Memory
import Search

/// A passage and a query, which is asked as a search asks it.
public struct ExplainRequest: Sendable, Decodable {
    public var docid: String
    public var search: SearchRequest

    public init(from decoder: any Decoder) throws {
        guard case .object(var members) = try JSONTree(from: decoder) else { throw OptionFault("request", "an object") }
        guard case .string(let docid)? = members.removeValue(forKey: "docid") else {
            throw OptionFault("docid", "a text")
        }
        self.docid = docid
        for name in ["hits", "facets", "explain", "fields", "maxTextLength", "where"] where members[name] != nil {
            throw OptionFault(name, "left out of an explanation")
        }
        search = try JSONTree.object(members).decoded(as: SearchRequest.self)
    }
}

public struct ExplainResponse: Sendable, Encodable {
    public var generation: String
    public var docid: String
    public var title: String
    public var text: String
    /// The unit of spans.
    public var offsets: SearchRequest.Offsets
    public var explanation: Explanation
}

/// Why a passage has, or would have, its score.
public enum ExplainCall: IndexCall {
    public static let name = "explain"
    public static let summary = "Says why a passage has its score for a query, also one that no search finds."

    public static func check(_ request: ExplainRequest, _ limits: ServingLimits) throws {
        try limits.check(request.search)
    }

    public static func answer(
        _ request: ExplainRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<ExplainResponse> {
        let generation = index.generation
        let explanation = try index.engine.explain(
            request.search.query, docid: request.docid, options: request.search.options,
            offsets: request.search.offsets, cancellation: cancellation)
        guard let passage = try index.engine.passages(ids: [request.docid])[0] else {
            throw EngineError.noPassage(id: request.docid)
        }
        return IndexAnswer(
            index: index.name,
            ExplainResponse(
                generation: generation, docid: passage.id, title: passage.title, text: passage.text,
                offsets: request.search.offsets, explanation: explanation))
    }

    public static let requestSchema = Schema.named("ExplainRequest")
    public static let responseSchema = Schema.named("ExplainResponse")
}
