/// A question with its identifier.
public struct Query: Sendable, Hashable, Codable {
    public var id: Identifier
    public var text: String

    public init(id: Identifier, text: String) {
        self.id = id
        self.text = text
    }
}
