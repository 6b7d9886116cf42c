/// One retrievable unit of a corpus: an identifier, an optional title and the text.
public struct Passage: Sendable, Hashable, Codable {
    public var id: String
    /// Empty where the corpus has no titles.
    public var title: String
    public var text: String

    public init(id: String, title: String = "", text: String) {
        self.id = id
        self.title = title
        self.text = text
    }
}
