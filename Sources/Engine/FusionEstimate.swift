import Search

/// How the lists of an index's retrievers are fused.
///
/// Stored as numbers by retriever, which is all there is where every passage was encoded; otherwise as an object with the members
/// `weights` and `encodes`.
public struct FusionEstimate: Codable, Sendable, Equatable {
    public var weights: [ComponentID: Float]
    /// Whether it helps to encode the best at the query, where they have static vectors; nil where none has, or nothing
    /// could be estimated.
    public var encodes: Bool?

    public init(weights: [ComponentID: Float], encodes: Bool? = nil) {
        (self.weights, self.encodes) = (weights, encodes)
    }

    private enum CodingKeys: CodingKey { case weights, encodes }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.contains(.encodes) else {
            weights = try decoder.singleValueContainer().decode([ComponentID: Float].self)
            return
        }
        weights = try container.decode([ComponentID: Float].self, forKey: .weights)
        encodes = try container.decode(Bool.self, forKey: .encodes)
    }

    public func encode(to encoder: any Encoder) throws {
        guard let encodes else {
            var container = encoder.singleValueContainer()
            return try container.encode(weights)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(weights, forKey: .weights)
        try container.encode(encodes, forKey: .encodes)
    }
}
