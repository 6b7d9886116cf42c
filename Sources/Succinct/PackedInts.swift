import Memory

/// An immutable array of unsigned integers of one bit width, packed into 64-bit words.
///
/// Access is O(1): at most two words. One spare word at the end spares a branch.
public struct PackedInts: Sendable {
    public let count: Int
    public let width: Int
    public let words: FrozenArray<UInt64>
    @usableFromInline let mask: UInt64

    /// The width that holds every value up to `largest`; at least 1.
    public static func width(forLargest largest: Int) -> Int {
        max(1, Int.bitWidth - largest.leadingZeroBitCount)
    }

    /// The words that `count` values of `width` bits take, the spare one included.
    public static func wordCount(count: Int, width: Int) -> Int {
        (count * width + 63) / 64 + 1
    }

    /// Wraps packed words; nil when their number does not fit `count` values of `width` bits.
    public init?(words: FrozenArray<UInt64>, count: Int, width: Int) {
        guard count >= 0, (1...57).contains(width), count <= Int.max / 64,
            words.count == Self.wordCount(count: count, width: width)
        else { return nil }
        self.init(unchecked: words, count: count, width: width)
    }

    private init(unchecked words: FrozenArray<UInt64>, count: Int, width: Int) {
        self.words = words
        self.count = count
        self.width = width
        mask = (1 << UInt64(width)) - 1
    }

    /// Packs `count` values, asking `value` for each in order.
    ///
    /// - Precondition: `1 <= width <= 57` and every value fits.
    public init(count: Int, width: Int, value: (Int) -> UInt64) {
        precondition((1...57).contains(width))
        let words = FrozenArray<UInt64>(count: Self.wordCount(count: count, width: width)) { words in
            var bit = 0
            for index in 0..<count {
                let item = value(index)
                let word = bit >> 6
                let shift = UInt64(bit & 63)
                words[word] |= item << shift
                if shift + UInt64(width) > 64 { words[word + 1] |= item >> (64 - shift) }
                bit += width
            }
        }
        self.init(unchecked: words, count: count, width: width)
    }

    /// Packs values into words that are zero; `values.count * width` bits from the first word on.
    ///
    /// Pieces of a multiple of 64 values fill whole words, so that a long array can be packed and
    /// written piece by piece.
    public static func pack(
        _ values: UnsafeBufferPointer<UInt32>, width: Int, into words: UnsafeMutablePointer<UInt64>
    ) {
        var bit = 0
        for value in values {
            let item = UInt64(value)
            let word = bit >> 6
            let shift = UInt64(bit & 63)
            words[word] |= item << shift
            if shift + UInt64(width) > 64 { words[word + 1] |= item >> (64 - shift) }
            bit += width
        }
    }

    @inlinable
    public subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "PackedInts index out of range")
        let bit = index &* width
        let word = bit &>> 6
        let shift = UInt64(truncatingIfNeeded: bit & 63)
        let base = words.unsafeBase
        // A shift by 64 would be undefined for `&<<`, hence the step by one.
        let low = base[word] &>> shift
        let high = (base[word &+ 1] &<< 1) &<< (63 &- shift)
        return Int(truncatingIfNeeded: (low | high) & mask)
    }
}
