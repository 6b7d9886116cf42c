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
        blocks: FrozenArray<UInt64>, zeros: FrozenArray<UInt64>, count: Int, levels: Int
    ) {
        guard count >= 0, (1...32).contains(levels), zeros.count == levels,
            blocks.count == levels * RankBitVector.wordCount(bits: count),
            zeros.withUnsafeBuffer({ $0.allSatisfy { $0 <= UInt64(count) } })
        else { return nil }
        self.init(unchecked: blocks, zeros: zeros, count: count, levels: levels)
    }

    private init(
        unchecked blocks: FrozenArray<UInt64>, zeros: FrozenArray<UInt64>, count: Int, levels: Int
    ) {
        self.blocks = blocks
        self.zeros = zeros
        self.count = count
        self.levels = levels
    }

    /// Builds the matrix; `symbols` is consumed as work space and left in another order.
    ///
    /// O(count × levels) time, one more copy of the symbols as scratch.
    public init(
        consuming symbols: UnsafeMutableBufferPointer<Int32>, alphabetSize: Int
    ) {
        let count = symbols.count
        let levels = PackedInts.width(forLargest: max(1, alphabetSize - 1))
        let stride = RankBitVector.wordCount(bits: count)
        var zeroCounts = [UInt64](repeating: 0, count: levels)
        let scratch = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, count))
        defer { scratch.deallocate() }
        let blocks = FrozenArray<UInt64>(count: levels * stride) { words in
            for level in 0..<levels {
                let shift = Int32(levels - 1 - level)
                let line = UnsafeMutableBufferPointer(rebasing: words[level * stride..<(level + 1) * stride])
                var zeros = 0
                var ones = 0
                for i in 0..<count {
                    let symbol = symbols[i]
                    if symbol &>> shift & 1 == 0 {
                        symbols[zeros] = symbol
                        zeros &+= 1
                    } else {
                        RankBitVector.set(i, in: line)
                        scratch[ones] = symbol
                        ones &+= 1
                    }
                }
                for i in 0..<ones { symbols[zeros &+ i] = scratch[i] }
                zeroCounts[level] = UInt64(zeros)
                RankBitVector.finish(line)
            }
        }
        self.init(unchecked: blocks, zeros: FrozenArray(zeroCounts), count: count, levels: levels)
    }

    @inline(__always)
    private func withKernel<R>(_ body: (UnsafePointer<ck_wavelet>) -> R) -> R {
        var view = ck_wavelet(
            blocks: blocks.unsafeBase, zeros: zeros.unsafeBase,
            stride: UInt64(blocks.count / levels), levels: UInt32(levels))
        defer { withExtendedLifetime(self) {} }
        return body(&view)
    }

    /// The ranks of `symbol` at both ends of `range`; O(levels).
    public func ranks(of symbol: Int32, in range: Range<Int>) -> Range<Int> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var low = UInt64(range.lowerBound)
        var high = UInt64(range.upperBound)
        withKernel { ck_wavelet_rank_pair($0, UInt32(bitPattern: symbol), &low, &high) }
        return Int(low)..<Int(high)
    }

    /// The symbol at `position` and its rank there; O(levels).
    public func access(_ position: Int) -> (symbol: Int32, rank: Int) {
        precondition(position >= 0 && position < count)
        var rank: UInt64 = 0
        let symbol = withKernel { ck_wavelet_access($0, UInt64(position), &rank) }
        return (Int32(bitPattern: symbol), Int(rank))
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
                        symbol: Int32(bitPattern: symbol[$0]), rank: Int(rank[$0]), count: Int(count[$0]))
                }
            }
        }
    }
}
