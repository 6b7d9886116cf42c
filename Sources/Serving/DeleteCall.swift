import Engine
import Fields
import Indexing
import Memory

public struct DeleteRequest: Sendable, Decodable {
    public enum Choice: Sendable {
        case ids([String], isLenient: Bool)
        case filter(FieldFilter)
    }

    public var choice: Choice

    public init(from decoder: any Decoder) throws {
        let members = try RequestMembers(decoder, known: ["ids", "where", "lenient"])
        let ids = try members.value("ids", as: [String].self, "a list of texts")
        let filter = try members.value("where", as: String.self, "a filter, such as year >= 2020")
        let isLenient = try members.value("lenient", as: Bool.self, "true or false") ?? false
        switch (ids, filter) {
        case (let ids?, nil): choice = .ids(ids, isLenient: isLenient)
        case (nil, let filter?):
            do throws(FieldFilterError) { choice = .filter(try FieldFilter(filter)) } catch {
                throw OptionFault("where", "a filter, such as year >= 2020; \(error)")
            }
        default: throw OptionFault("ids", "given, or else where, and not both")
        }
    }
}

/// Deletes passages.
public enum DeleteCall: IndexCall {
    public static let name = "delete"
    public static let summary = "Deletes passages by their ids or fields."
    public static let changesIndex = true

    public static func check(_ request: DeleteRequest, _ limits: ServingLimits) throws {
        guard case .ids(let ids, _) = request.choice, ids.count > limits.ids else { return }
        throw OptionFault("ids", "at most \(limits.ids) ids")
    }

    public static func answer(
        _ request: DeleteRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<ChangeResponse> {
        let report = try index.change {
            let change = IndexChange(index, cancellation)
            return switch request.choice {
            case .ids(let ids, let isLenient): try change.delete(ids: ids, isLenient: isLenient)
            case .filter(let filter): try change.delete(where: filter)
            }
        }
        return IndexAnswer(index: index.name, ChangeResponse(report, of: index))
    }

    public static let requestSchema = Schema.named("DeleteRequest")
    public static let responseSchema = Schema.named("ChangeResponse")
}
