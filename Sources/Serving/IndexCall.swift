import Engine
import Memory

/// Something that an index can be asked: a request, an answer, and the way from one to the other.
///
/// The command line, HTTP, MCP and Python all ask by a call's name and give the same JSON. A new call is a type in a file of its
/// own and a line in ``Calls/all``.
public protocol IndexCall: Sendable {
    associatedtype Request: Decodable & Sendable
    associatedtype Response: Encodable & Sendable

    static var name: String { get }
    /// What it does, in a sentence.
    static var summary: String { get }
    static var requestSchema: Schema { get }
    static var responseSchema: Schema { get }
    /// Whether it changes the index, for which a caller needs more rights.
    static var changesIndex: Bool { get }

    /// - Throws: ``OptionFault`` where a request asks for more than it may.
    static func check(_ request: Request, _ limits: ServingLimits) throws

    /// - Throws: what ``Problem/init(_:)`` tells.
    static func answer(_ request: Request, of index: ServedIndex, _ cancellation: Cancellation) throws -> Response

    /// Whether the same request to the same generation may be given this answer again.
    static func isLasting(_ response: Response) -> Bool
}

extension IndexCall {
    public static var changesIndex: Bool { false }
    public static func check(_ request: Request, _ limits: ServingLimits) throws {}
    public static func isLasting(_ response: Response) -> Bool { !changesIndex }
}

/// All that an index can be asked.
public enum Calls {
    public static let all: [any IndexCall.Type] = [
        SearchCall.self, BatchCall.self, ExplainCall.self, PassagesCall.self, IdsCall.self, InfoCall.self,
        EncodeCall.self,
        RerankCall.self, AddCall.self, DeleteCall.self, CompactCall.self,
    ]

    /// The call with a name.
    public static func named(_ name: String) -> (any IndexCall.Type)? { all.first { $0.name == name } }
}
