/// What a retriever knows of its list for one query beyond the scores. It is asked after the search, with the
/// state that the search left, so that nothing is searched again.
public protocol Evidence: Sendable {
    /// Where a passage holds what was found.
    func highlights(in passage: PassageIndex, _ text: PassageText) -> [Highlight]

    /// Why passages have their scores, in their order, in the shape in which it stands in JSON; nil for a
    /// passage of which there is nothing to say.
    func details(of passages: [PassageIndex]) throws -> [JSONTree?]

    /// Where a passage holds each item of its details, where these are a list; empty where they are none.
    func spans(in passage: PassageIndex, _ text: PassageText) -> [TextSpans]

    /// The member of an explanation that the details are.
    var name: String { get }
}

extension Evidence {
    public func highlights(in passage: PassageIndex, _ text: PassageText) -> [Highlight] { [] }
    public func spans(in passage: PassageIndex, _ text: PassageText) -> [TextSpans] { [] }
}

/// Parts of a passage's title and text, in UTF-8 bytes of either.
public struct TextSpans: Sendable, Equatable {
    public var title: [Range<Int>]
    public var text: [Range<Int>]

    public init(title: [Range<Int>] = [], text: [Range<Int>] = []) { (self.title, self.text) = (title, text) }
}

/// A passage's text.
public struct PassageText: Sendable, Equatable {
    /// The passage's external id.
    public var id: String
    public var title: String
    public var text: String

    public init(id: String, title: String, text: String) {
        self.id = id
        self.title = title
        self.text = text
    }
}

/// A part of a passage's text that something was found in.
public struct Highlight: Sendable, Equatable {
    /// UTF-8 bytes of the text.
    public var range: Range<Int>
    /// How much it counts beside others.
    public var weight: Float

    public init(_ range: Range<Int>, weight: Float) { (self.range, self.weight) = (range, weight) }
}
