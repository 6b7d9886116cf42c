/// One retrievable unit of a corpus: an identifier, an optional title, the text, and what else is said of it.
public struct Passage: Sendable, Hashable, Codable {
    public var id: String
    /// Empty where the corpus has no titles.
    public var title: String
    public var text: String
    /// All other members of its record, as one JSON object without white space; empty where there are none.
    public var fields: String

    public init(id: String, title: String = "", text: String, fields: String = "") {
        self.id = id
        self.title = title
        self.text = text
        self.fields = fields
    }
}
