/// A set of places of something that has `capacity` of them, such as the living passages of a segment: a bit each.
public struct PlaceSet: Sendable, Equatable {
    /// Every place is below it.
    public let capacity: Int
    /// How many places are in the set.
    public let count: Int
    /// The bits, from the lowest of the first word on; those past `capacity` are 0.
    @usableFromInline let words: FrozenArray<UInt64>

    /// The bits, from the lowest of the first word on; those past ``capacity`` are 0.
    package var bits: FrozenArray<UInt64> { words }

    private init(_ words: [UInt64], capacity: Int) {
        self.capacity = capacity
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        self.words = FrozenArray(words)
    }

    /// A set whose bits are filled in, from the lowest of the first word on.
    ///
    /// - Parameter fill: sets no bit past `capacity`.
    package init(capacity: Int, fill: (UnsafeMutableBufferPointer<UInt64>) throws -> Void) rethrows {
        var words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
        try words.withUnsafeMutableBufferPointer { try fill($0) }
        self.init(words, capacity: capacity)
    }

    /// A set of some places; the order does not matter.
    ///
    /// - Precondition: each is in `0..<capacity`.
    public init(_ places: some Sequence<Int>, capacity: Int) {
        var words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
        for place in places {
            precondition(place >= 0 && place < capacity, "a place out of range")
            words[place >> 6] |= 1 << (place & 63)
        }
        self.init(words, capacity: capacity)
    }

    /// The places that a test holds for.
    public init(capacity: Int, where isIn: (Int) throws -> Bool) rethrows {
        var words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
        for place in 0..<capacity where try isIn(place) { words[place >> 6] |= 1 << (place & 63) }
        self.init(words, capacity: capacity)
    }

    /// All places but those of a set.
    public var inverted: PlaceSet {
        var words = words.toArray().map { ~$0 }
        if capacity & 63 != 0, !words.isEmpty { words[words.count - 1] &= (1 << (capacity & 63)) - 1 }
        return PlaceSet(words, capacity: capacity)
    }

    /// The places that are in both.
    ///
    /// - Precondition: both have the same capacity.
    public func intersection(_ other: PlaceSet) -> PlaceSet {
        precondition(capacity == other.capacity, "sets of different things")
        return PlaceSet(words.indices.map { words[$0] & other.words[$0] }, capacity: capacity)
    }

    /// The places that are in either.
    ///
    /// - Precondition: both have the same capacity.
    public func union(_ other: PlaceSet) -> PlaceSet {
        precondition(capacity == other.capacity, "sets of different things")
        return PlaceSet(words.indices.map { words[$0] | other.words[$0] }, capacity: capacity)
    }

    public var isEmpty: Bool { count == 0 }
    /// Whether every place is in it.
    public var isFull: Bool { count == capacity }

    /// - Precondition: `place` is below ``capacity`` and not negative.
    @inlinable
    @inline(__always)
    public func contains(_ place: Int) -> Bool { words[place >> 6] >> (place & 63) & 1 != 0 }

    /// Visits the places in rising order; O(capacity / 64 + count).
    @inlinable
    public func forEach(_ body: (Int) throws -> Void) rethrows {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                try body(index << 6 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }

    /// The places in rising order.
    public func toArray() -> [Int] {
        var places: [Int] = []
        places.reserveCapacity(count)
        forEach { places.append($0) }
        return places
    }
}
