/// The name of a retriever, a reranker, an index part or an estimate: "ngram", "likelihood", "generator".
///
/// A name and no case of an enum, so that a new component touches no list of old ones. Dictionaries with such
/// keys are objects in JSON.
public struct ComponentID: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public var name: String

    public init(_ name: String) { self.name = name }

    public init(stringLiteral name: String) { self.name = name }

    public var description: String { name }

    /// By the bytes of the names.
    public static func < (a: Self, b: Self) -> Bool { a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
}

extension ComponentID: Codable {
    public init(from decoder: any Decoder) throws {
        name = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension ComponentID: CodingKeyRepresentable {
    public init?(codingKey: some CodingKey) { name = codingKey.stringValue }

    public var codingKey: any CodingKey { NameKey(name) }
}

/// Any name as a key of an object.
struct NameKey: CodingKey {
    let stringValue: String

    init(_ name: String) { stringValue = name }

    init(stringValue: String) { self.stringValue = stringValue }

    var intValue: Int? { nil }

    init?(intValue: Int) { nil }
}
