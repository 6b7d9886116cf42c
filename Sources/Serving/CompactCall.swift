import Indexing
import Memory

public struct CompactRequest: Sendable, Decodable {
    /// Whether all segments are written anew, and not only those that are worth it.
    public var all: Bool

    public init(from decoder: any Decoder) throws {
        all = try RequestMembers(decoder, known: ["all"]).value("all", as: Bool.self, "true or false") ?? false
    }
}

/// Writes anew what many changes have left behind.
public enum CompactCall: IndexCall {
    public static let name = "compact"
    public static let summary = "Joins small segments and leaves deleted passages out of files."
    public static let changesIndex = true

    public static func answer(
        _ request: CompactRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<ChangeResponse> {
        let report = try index.change {
            try IndexChange(index, cancellation).compact(request.all ? .all : .worthwhile)
        }
        return IndexAnswer(index: index.name, ChangeResponse(report, of: index))
    }

    public static let requestSchema = Schema.named("CompactRequest")
    public static let responseSchema = Schema.named("ChangeResponse")
}
