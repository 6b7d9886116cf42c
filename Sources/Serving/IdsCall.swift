import Engine
import IndexStore
import Memory
import Ranking
import Search

public struct IdsRequest: Sendable, Decodable {
    /// Where the answer before said that it goes on; 0: at the start.
    public var from: Int
    /// How many ids at most.
    public var limit: Int

    public init(from decoder: any Decoder) throws {
        let members = try RequestMembers(decoder, known: ["from", "limit"])
        from = try members.value("from", as: Int.self, "a whole number") ?? 0
        limit = try members.value("limit", as: Int.self, "a whole number") ?? 1_000
    }
}

public struct IdsResponse: Sendable, Encodable {
    /// Another generation may have other ids behind `next`.
    public var generation: String
    public var ids: [String]
    /// What to ask from for those that follow; nil at the end.
    public var next: Int?
}

/// The ids of all passages, a page at a time.
public enum IdsCall: IndexCall {
    public static let name = "ids"
    public static let summary = "Lists the ids of passages in the order of the index."

    public static func check(_ request: IdsRequest, _ limits: ServingLimits) throws {
        guard request.from >= 0 else { throw OptionFault("from", "0 or more") }
        guard (1...limits.ids).contains(request.limit) else { throw OptionFault("limit", "1 to \(limits.ids)") }
    }

    public static func answer(
        _ request: IdsRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<IdsResponse> {
        let reader = index.engine.reader
        let living = try reader.living()
        var response = IdsResponse(generation: reader.snapshot.id, ids: [], next: nil)
        var place = request.from
        while place < reader.count, response.ids.count < request.limit {
            let passage = PassageIndex(Int32(place))
            let (segment, local) = reader.places.locate(passage)
            if living[segment]?.contains(Int(local)) ?? true { response.ids.append(try reader.id(of: passage)) }
            place += 1
            if place.isMultiple(of: 1024) { try cancellation.throwIfRaised() }
        }
        if place < reader.count { response.next = place }
        return IndexAnswer(index: index.name, response)
    }

    public static let requestSchema = Schema.named("IdsRequest")
    public static let responseSchema = Schema.named("IdsResponse")
}
