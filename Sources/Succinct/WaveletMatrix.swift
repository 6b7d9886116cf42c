import CKernels
import Memory

/// A sequence of integer symbols with rank, access and the distinct symbols of a range, after the
/// wavelet matrix of Claude, Navarro and Ordonez (2015).
///
/// `levels` bit vectors of `count` bits, sized to the real alphabet; every operation on one symbol
/// touches one cache line a level and end.
public struct WaveletMatrix: Sendable {
    public let count: Int
    public let levels: Int
    public let blocks: FrozenArray<UInt64>
    public let zeros: FrozenArray<UInt64>
    /// bottoms[symbol]: where its occurrences start at the bottom of the matrix. Knowing it spares a
    /// rank a level.
    public let bottoms: FrozenArray<UInt64>

    /// A symbol of a range with its rank at the range's lower end and its count inside.
    public struct Occurrence: Equatable, Sendable {
        public var symbol: Int32
        public var rank: Int
        public var count: Int

        public init(symbol: Int32, rank: Int, count: Int) {
            self.symbol = symbol
            self.rank = rank
            self.count = count
        }
    }

    /// Wraps a stored matrix; nil when the parts do not fit together.
    public init?(
        blocks: FrozenArray<UInt64>, zeros: FrozenArray<UInt64>, bottoms: FrozenArray<UInt64>, count: Int,
        levels: Int
    ) {
        guard count >= 0, (1...32).contains(levels), zeros.count == levels, bottoms.count <= 1 << levels,
            blocks.count == levels * RankBitVector.wordCount(bits: count),
            zeros.withUnsafeBuffer({ $0.allSatisfy { $0 <= UInt64(count) } }),
            bottoms.withUnsafeBuffer({ $0.allSatisfy { $0 <= UInt64(count) } })
        else { return nil }
        self.init(unchecked: blocks, zeros: zeros, bottoms: bottoms, count: count, levels: levels)
    }

    private init(
        unchecked blocks: FrozenArray<UInt64>, zeros: FrozenArray<UInt64>, bottoms: FrozenArray<UInt64>,
        count: Int, levels: Int
    ) {
        self.blocks = blocks
        self.zeros = zeros
        self.bottoms = bottoms
        self.count = count
        self.levels = levels
    }

    /// Builds the matrix; `symbols` (`UInt16` or `Int32`) is consumed as work space and left in
    /// another order.
    ///
    /// O(count × levels) time; as scratch one more copy of the symbols.
    public init<Symbol: FixedWidthInteger & BitwiseCopyable & Sendable>(
        consuming symbols: UnsafeMutableBufferPointer<Symbol>, alphabetSize: Int
    ) {
        let count = symbols.count
        let levels = PackedInts.width(forLargest: max(1, alphabetSize - 1))
        let stride = RankBitVector.wordCount(bits: count)
        var zeroCounts = [UInt64](repeating: 0, count: levels)
        let scratch = HeapAllocation(bytes: count * MemoryLayout<Symbol>.stride)
        let blocks = FrozenArray<UInt64>(count: levels * stride) { words in
            guard let start = words.baseAddress, let first = symbols.baseAddress else { return }
            for level in 0..<levels {
                let shift = UInt32(levels - 1 - level)
                zeroCounts[level] =
                    MemoryLayout<Symbol>.size == 2
                    ? ck_wavelet_level_16(
                        UnsafeMutableRawPointer(first).assumingMemoryBound(to: UInt16.self),
                        scratch.pointer.assumingMemoryBound(to: UInt16.self), count, shift,
                        start + level * stride)
                    : ck_wavelet_level_32(
                        UnsafeMutableRawPointer(first).assumingMemoryBound(to: UInt32.self),
                        scratch.pointer.assumingMemoryBound(to: UInt32.self), count, shift,
                        start + level * stride)
            }
        }
        // What is left is the bottom order: all occurrences of a symbol side by side.
        let bottoms = FrozenArray<UInt64>(count: alphabetSize) { bottoms in
            var position = 0
            while position < count {
                let symbol = symbols[position]
                bottoms[Int(symbol)] = UInt64(position)
                while position < count, symbols[position] == symbol { position += 1 }
            }
        }
        self.init(
            unchecked: blocks, zeros: FrozenArray(zeroCounts), bottoms: bottoms, count: count, levels: levels)
    }

    @inline(__always)
    private func withKernel<R>(_ body: (UnsafePointer<ck_wavelet>) -> R) -> R {
        var view = ck_wavelet(
            blocks: blocks.unsafeBase, zeros: zeros.unsafeBase,
            stride: UInt64(blocks.count / levels), count: UInt64(count), levels: UInt32(levels))
        defer { withExtendedLifetime(self) {} }
        return body(&view)
    }

    /// The ranks of `symbol` at both ends of `range`; O(levels).
    public func ranks(of symbol: Int, in range: Range<Int>) -> Range<Int> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var low = UInt64(range.lowerBound)
        var high = UInt64(range.upperBound)
        withKernel { ck_wavelet_descend($0, UInt32(symbol), &low, &high) }
        let start = rank(low, of: symbol)
        return start..<max(start, rank(high, of: symbol))
    }

    /// Replaces each range `low[i] ..< high[i]` by the ranks of `symbols[i]` at its two ends, all
    /// together level by level, so that their cache misses overlap.
    ///
    /// - Precondition: symbols are in the alphabet, ranges in the sequence.
    public func ranks(
        of symbols: UnsafeBufferPointer<UInt32>, low: UnsafeMutablePointer<UInt64>,
        high: UnsafeMutablePointer<UInt64>
    ) {
        withKernel { ck_wavelet_descend_many($0, symbols.count, symbols.baseAddress, low, high) }
        for (index, symbol) in symbols.enumerated() {
            low[index] = UInt64(rank(low[index], of: Int(symbol)))
            high[index] = UInt64(rank(high[index], of: Int(symbol)))
        }
    }

    /// The symbol at `position` and its rank there; O(levels).
    public func access(_ position: Int) -> (symbol: Int, rank: Int) {
        precondition(position >= 0 && position < count)
        var bottom: UInt64 = 0
        let symbol = Int(withKernel { ck_wavelet_access($0, UInt64(position), &bottom) })
        guard symbol < bottoms.count else { return (symbol, 0) }
        return (symbol, rank(bottom, of: symbol))
    }

    /// How far a place at the bottom is from where its symbol starts; not below zero even in a
    /// damaged matrix.
    @inline(__always)
    private func rank(_ place: UInt64, of symbol: Int) -> Int {
        max(0, Int(place) - Int(bottoms[symbol]))
    }

    /// The distinct symbols of `range` in rising order; O(distinct × levels).
    public func distinct(in range: Range<Int>, limit: Int = .max) -> [Occurrence] {
        collect(capacity: min(limit, range.count, 1 << levels)) { view, symbols, ranks, counts, capacity in
            ck_wavelet_distinct(
                view, UInt64(range.lowerBound), UInt64(range.upperBound), symbols, ranks, counts, capacity)
        }
    }

    /// The `k` most frequent symbols of `range`: count falling, then symbol rising.
    public func top(_ k: Int, in range: Range<Int>) -> [Occurrence] {
        collect(capacity: min(k, range.count)) { view, symbols, ranks, counts, capacity in
            ck_wavelet_top(
                view, UInt64(range.lowerBound), UInt64(range.upperBound), capacity, symbols, ranks, counts)
        }
    }

    private typealias Kernel = (
        UnsafePointer<ck_wavelet>, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt64>,
        UnsafeMutablePointer<UInt64>, Int
    ) -> Int

    private func collect(capacity: Int, _ kernel: Kernel) -> [Occurrence] {
        guard capacity > 0 else { return [] }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { symbols in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * capacity) { numbers in
                guard let symbol = symbols.baseAddress, let rank = numbers.baseAddress else { return [] }
                let count = rank + capacity
                let found = withKernel { kernel($0, symbol, rank, count, capacity) }
                return (0..<found).map {
                    Occurrence(
                        symbol: Int32(bitPattern: symbol[$0]), rank: Int(truncatingIfNeeded: rank[$0]),
                        count: Int(truncatingIfNeeded: count[$0]))
                }
            }
        }
    }
}
