import Engine
import Memory
import Search

/// The best passages of a query.
public enum SearchCall: IndexCall {
    public static let name = "search"
    public static let summary = "Finds the passages that answer a query."

    public static func check(_ request: SearchRequest, _ limits: ServingLimits) throws { try limits.check(request) }

    public static func answer(
        _ request: SearchRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<SearchResponse> {
        IndexAnswer(index: index.name, try index.engine.search(request, cancellation: cancellation))
    }

    /// What did not run may run the next time.
    public static func isLasting(_ response: IndexAnswer<SearchResponse>) -> Bool { response.answer.notes.isEmpty }

    public static let requestSchema = Schema.named("SearchRequest")
    public static let responseSchema = Schema.named("SearchResponse")
}

/// An answer with the version of the contract and the index that it is from beside its own members.
public struct IndexAnswer<Answer: Encodable & Sendable>: Encodable, Sendable {
    /// Of the contract. Members are added to a version, and none is renamed or taken away.
    public static var api: String { "v1" }
    public var index: String
    public var answer: Answer

    public init(index: String, _ answer: Answer) { (self.index, self.answer) = (index, answer) }

    private enum CodingKeys: String, CodingKey { case api, index }

    public func encode(to encoder: any Encoder) throws {
        try answer.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(Self.api, forKey: .api)
        try members.encode(index, forKey: .index)
    }
}

extension Schema {
    /// The members of an answer, with those that are beside it.
    static func answer(_ members: [Member]) -> Schema {
        .object([Member("api", .oneOf(["v1"]), required: true), Member("index", .text, required: true)] + members)
    }
}
