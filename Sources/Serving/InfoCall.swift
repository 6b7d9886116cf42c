import Engine
import Memory
import Search

/// A request that has nothing to say.
public struct NoRequest: Sendable, Decodable {
    public init() {}

    public init(from decoder: any Decoder) throws { _ = try RequestMembers(decoder, known: []) }
}

/// What an index is.
public enum InfoCall: IndexCall {
    public static let name = "info"
    public static let summary = "Tells what an index holds and how it answers."

    public static func answer(
        _ request: NoRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<IndexOverview> {
        IndexAnswer(index: index.name, try index.engine.overview())
    }

    public static func isLasting(_ response: IndexAnswer<IndexOverview>) -> Bool { response.answer.notes.isEmpty }

    public static let requestSchema = Schema.named("NoRequest")
    public static let responseSchema = Schema.named("IndexInfo")
}
