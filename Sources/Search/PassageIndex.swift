/// A passage by its place in one snapshot of an index, from 0 in the order of the corpus.
///
/// It means nothing in another snapshot; what stays is a passage's external id.
@frozen
public struct PassageIndex: Hashable, Comparable, Sendable {
    public var rawValue: Int32

    @inlinable public init(_ rawValue: Int32) { self.rawValue = rawValue }

    /// - Precondition: `place` fits 31 bits.
    @inlinable public init(_ place: Int) { rawValue = Int32(place) }

    /// The place as an index of arrays.
    @inlinable public var place: Int { Int(rawValue) }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
