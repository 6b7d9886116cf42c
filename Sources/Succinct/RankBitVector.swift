import CKernels
import Memory

/// An immutable bit vector that counts the ones before a position in O(1): one cache line.
///
/// Bits live in 64-byte blocks of one running count and 448 bits (`ckernels_succinct.h`), 14 %
/// over the bits themselves.
public struct RankBitVector: Sendable {
    public let count: Int
    public let ones: Int
    public let blocks: FrozenArray<UInt64>

    private static let blockBits = Int(CK_BLOCK_BITS)
    private static let blockWords = Int(CK_BLOCK_WORDS)

    static func wordCount(bits: Int) -> Int {
        (bits / blockBits + 1) * blockWords
    }

    /// Wraps blocks; nil when their number does not fit `count` bits.
    public init?(blocks: FrozenArray<UInt64>, count: Int) {
        guard count >= 0, blocks.count == Self.wordCount(bits: count) else { return nil }
        self.blocks = blocks
        self.count = count
        ones = Int(truncatingIfNeeded: ck_rank1(blocks.unsafeBase, UInt64(count)))
    }

    /// Builds a vector of `count` bits, those at `positions` set.
    public init(count: Int, ones positions: [Int]) {
        self.init(count: count) { words in
            for position in positions {
                precondition(position >= 0 && position < count)
                Self.set(position, in: words)
            }
        }
    }

    /// Builds a vector of `count` bits, which `fill` sets in blocks of zeros.
    public init(count: Int, fill: (UnsafeMutableBufferPointer<UInt64>) -> Void) {
        self.count = count
        blocks = FrozenArray(count: Self.wordCount(bits: count)) { words in
            fill(words)
            Self.finish(words)
        }
        ones = Int(truncatingIfNeeded: ck_rank1(blocks.unsafeBase, UInt64(count)))
    }

    /// The word that holds a position, and its bit in it.
    @inline(__always)
    private static func address(of position: Int) -> (word: Int, bit: UInt64) {
        let (block, inside) = position.quotientAndRemainder(dividingBy: blockBits)
        let word = block &* blockWords &+ 1 &+ (inside &>> 6)
        return (word, UInt64(1) &<< UInt64(inside & 63))
    }

    /// Sets one bit of a vector under construction.
    @inline(__always)
    static func set(_ position: Int, in words: UnsafeMutableBufferPointer<UInt64>) {
        let (word, bit) = address(of: position)
        words[word] |= bit
    }

    /// Fills the running counts of a vector whose bits are all set; returns the ones.
    @discardableResult
    static func finish(_ words: UnsafeMutableBufferPointer<UInt64>) -> Int {
        Int(ck_rank_finish(words.baseAddress, words.count / blockWords))
    }

    public subscript(position: Int) -> Bool {
        precondition(position >= 0 && position < count)
        let (word, bit) = Self.address(of: position)
        return blocks[word] & bit != 0
    }

    /// The number of ones in `0..<position`; `position` may be `count`.
    public func rank(_ position: Int) -> Int {
        precondition(position >= 0 && position <= count)
        return Int(truncatingIfNeeded: ck_rank1(blocks.unsafeBase, UInt64(position)))
    }

    /// The position of the one with `rank(position) == index`, by binary search: O(log n).
    public func select(_ index: Int) -> Int? {
        guard index >= 0, index < ones else { return nil }
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if rank(middle + 1) <= index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
