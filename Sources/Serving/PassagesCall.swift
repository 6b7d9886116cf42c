import Engine
import Memory
import Search

public struct PassagesRequest: Sendable, Decodable {
    public var ids: [String]

    public init(from decoder: any Decoder) throws {
        ids = try RequestMembers(decoder, known: ["ids"]).texts("ids")
    }
}

public struct PassagesResponse: Sendable, Encodable {
    public struct Passage: Sendable, Encodable {
        public var docid: String
        public var title: String
        public var text: String
        public var fields: JSONTree?
    }

    /// Those that there are, in the order of the ids.
    public var passages: [Passage]
    /// Ids of none.
    public var missing: [String]
}

/// Passages by their ids.
public enum PassagesCall: IndexCall {
    public static let name = "passages"
    public static let summary = "Gives passages by their ids."

    public static func check(_ request: PassagesRequest, _ limits: ServingLimits) throws {
        guard request.ids.count <= limits.ids else { throw OptionFault("ids", "at most \(limits.ids) ids") }
    }

    public static func answer(
        _ request: PassagesRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<PassagesResponse> {
        var response = PassagesResponse(passages: [], missing: [])
        for (id, found) in zip(request.ids, try index.engine.passagesWithFields(ids: request.ids)) {
            if let found {
                response.passages.append(
                    .init(docid: id, title: found.text.title, text: found.text.text, fields: found.fields))
            } else {
                response.missing.append(id)
            }
        }
        return IndexAnswer(index: index.name, response)
    }

    public static let requestSchema = Schema.named("PassagesRequest")
    public static let responseSchema = Schema.named("PassagesResponse")
}
