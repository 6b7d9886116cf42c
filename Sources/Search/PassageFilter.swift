import Memory

/// Which passages of an index a search may find: those that are not deleted, and of them, where something is asked of
/// their fields, those that pass.
public struct PassageFilter: Sendable, Equatable {
    /// For each segment a set over its own numbers; nil where all of them pass.
    public let segments: [PlaceSet?]

    /// Sets that hold all of their segment say no more than nil.
    public init(_ segments: [PlaceSet?]) { self.segments = segments.map { $0?.isFull == true ? nil : $0 } }

    /// The set of a segment; nil where all of its passages pass, as they do everywhere in a filter without segments.
    public subscript(segment: Int) -> PlaceSet? { segments.indices.contains(segment) ? segments[segment] : nil }

    /// Lets all passages of any index pass.
    public static let all = PassageFilter([])

    public var passesAll: Bool { segments.allSatisfy { $0 == nil } }

    /// The passages that pass both.
    public func intersection(_ other: PassageFilter) -> PassageFilter {
        PassageFilter(
            (0..<max(segments.count, other.segments.count)).map { segment in
                guard let own = self[segment] else { return other[segment] }
                return other[segment].map(own.intersection) ?? own
            })
    }
}
