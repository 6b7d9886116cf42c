import CKernels
import Memory

/// An immutable sequence of symbols in two bytes each, or four where the alphabet needs them.
///
/// Narrow ranges of such a sequence are read as they stand, at one to two nanoseconds a symbol,
/// which no compressed sequence reaches.
public struct SymbolArray: Sendable {
    public let count: Int
    /// 2 or 4.
    public let symbolBytes: Int
    let bytes: FrozenArray<UInt8>

    /// The bytes of a symbol that hold codes up to `largest`.
    public static func symbolBytes(forLargest largest: Int) -> Int { largest <= 0xFFFF ? 2 : 4 }

    /// Wraps stored symbols; nil when their size does not fit.
    public init?(bytes: FrozenArray<UInt8>, count: Int, symbolBytes: Int) {
        guard symbolBytes == 2 || symbolBytes == 4, count >= 0, count <= Int.max / 8,
            bytes.count == count * symbolBytes,
            UInt(bitPattern: bytes.unsafeBase) % UInt(symbolBytes) == 0
        else { return nil }
        self.bytes = bytes
        self.count = count
        self.symbolBytes = symbolBytes
    }

    @inline(__always)
    var base: UnsafeRawPointer { UnsafeRawPointer(bytes.unsafeBase) }

    public subscript(position: Int) -> Int {
        precondition(position >= 0 && position < count, "SymbolArray position out of range")
        return symbolBytes == 2
            ? Int(base.load(fromByteOffset: position &* 2, as: UInt16.self))
            : Int(base.load(fromByteOffset: position &* 4, as: UInt32.self))
    }

    /// A symbol of a range with its count inside.
    public struct Count: Equatable, Sendable {
        public var symbol: UInt32
        public var count: Int

        public init(symbol: UInt32, count: Int) {
            self.symbol = symbol
            self.count = count
        }
    }

    /// The distinct symbols below `alphabet` of a range in rising order; O(range + alphabet / 64).
    public func distinct(in range: Range<Int>, alphabet: Int) -> [Count] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let capacity = min(range.count, alphabet)
        guard capacity > 0 else { return [] }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * capacity + alphabet) { words in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (alphabet + 63) / 64) { marks in
                guard let word = words.baseAddress else { return [] }
                let counts = word + 2 * capacity
                // Short ranges never touch the tables.
                if range.count > 24 {
                    counts.update(repeating: 0, count: alphabet)
                    marks.update(repeating: 0)
                }
                let found = ck_symbols_distinct(
                    base, UInt32(symbolBytes), UInt64(range.lowerBound), UInt64(range.upperBound),
                    UInt32(alphabet), counts, marks.baseAddress, word, word + capacity, capacity)
                return (0..<found).map { Count(symbol: word[$0], count: Int(word[capacity + $0])) }
            }
        }
    }

    /// The distinct symbols of a range whose score reaches a threshold, in no particular order.
    ///
    /// One pass over the range with two small table look-ups a symbol.
    ///
    /// - Parameters:
    ///   - keys: the place of each symbol's score; symbols with a negative one are passed over.
    ///   - stamps: one a symbol below `alphabet`; those found get `epoch`, which none may have yet.
    ///   - found: receives the symbols; room for the range.
    /// - Returns: how many were found.
    public func scoring(
        in range: Range<Int>, alphabet: Int, keys: FrozenArray<Int32>, scores: UnsafeBufferPointer<Float>,
        threshold: Float, stamps: inout [UInt32], epoch: UInt32, found: inout [UInt32]
    ) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && found.count >= range.count)
        precondition(keys.count >= alphabet && stamps.count >= alphabet)
        return ck_symbols_scoring(
            base, UInt32(symbolBytes), UInt64(range.lowerBound), UInt64(range.upperBound), UInt32(alphabet),
            keys.unsafeBase, scores.baseAddress, threshold, &stamps, epoch, &found)
    }
}
