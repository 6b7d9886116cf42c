import Memory

/// Which passages of an index a search may find: those that are not deleted, and of them, where something is asked of
/// their fields, those that pass.
public struct PassageFilter: Sendable {
    /// For each segment a set over its own numbers; nil where all of them pass.
    public let segments: [PlaceSet?]
    /// The number of passages of each segment.
    private let sizes: [Int]
    /// What components make of this filter; filters that are used again keep it.
    public let memo = Memo()

    /// - Parameters:
    ///   - segments: sets that hold all of their segment say no more than nil.
    ///   - sizes: the number of passages of each segment.
    public init(_ segments: [PlaceSet?], sizes: [Int]) {
        precondition(segments.count == sizes.count, "a size for every segment")
        self.segments = segments.map { $0?.isFull == true ? nil : $0 }
        self.sizes = sizes
    }

    /// Lets all passages of any index pass.
    public static let all = PassageFilter([], sizes: [])

    /// The set of a segment; nil where all of its passages pass.
    public subscript(segment: Int) -> PlaceSet? { segments.indices.contains(segment) ? segments[segment] : nil }

    public var passesAll: Bool { segments.allSatisfy { $0 == nil } }

    /// Whether a passage passes; O(segments).
    public func contains(_ passage: PassageIndex) -> Bool {
        var place = passage.place
        for (set, size) in zip(segments, sizes) {
            if place < size { return set?.contains(place) ?? true }
            place -= size
        }
        return true
    }

    /// The number of passages that pass; nil where it is all, of whatever index.
    public var count: Int? {
        segments.isEmpty ? nil : zip(segments, sizes).reduce(0) { $0 + ($1.0?.count ?? $1.1) }
    }

    /// The passages that pass, rising; none for ``all``, which knows no index.
    public var passages: [PassageIndex] {
        var first = 0
        return zip(segments, sizes).flatMap { set, size in
            defer { first += size }
            return (set?.toArray() ?? Array(0..<size)).map { PassageIndex(first + $0) }
        }
    }

    /// The passages that pass both: this filter itself, with what was made of it, where the other takes nothing away.
    ///
    /// - Precondition: both are of the same index.
    public func intersection(_ other: PassageFilter) -> PassageFilter {
        if segments.isEmpty { return other }
        if other.segments.isEmpty { return self }
        precondition(sizes == other.sizes, "filters of different indexes")
        let both = PassageFilter(
            segments.indices.map { segment in
                guard let own = self[segment] else { return other[segment] }
                return other[segment].map(own.intersection) ?? own
            }, sizes: sizes)
        return both.count == count ? self : both
    }
}

extension PassageFilter: Equatable {
    public static func == (a: PassageFilter, b: PassageFilter) -> Bool {
        a.segments == b.segments && a.sizes == b.sizes
    }
}
