/// A text that competes for a place.
public struct RerankCandidate: Sendable, Equatable {
    public var id: String
    public var text: String
    /// What the search before gave it; nil where it gave none.
    public var firstScore: Double?

    public init(id: String, text: String, firstScore: Double? = nil) {
        (self.id, self.text, self.firstScore) = (id, text, firstScore)
    }

    /// With its title before it, where the text does not begin with that.
    public init(id: String, title: String, text: String, firstScore: Double? = nil) {
        self.init(
            id: id, text: title.isEmpty || text.hasPrefix(title) ? text : title + ". " + text, firstScore: firstScore)
    }
}
