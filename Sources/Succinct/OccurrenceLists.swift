import CKernels
import Memory

/// For every symbol of a sequence the positions where it stands, with rank in a constant number of
/// cache lines: one of a directory and one or two of the list.
///
/// A list is cut at multiples of 2^width, with some 16 to 32 positions between two cuts on average;
/// the directory counts the positions before each cut, and of each position only the lowest `width`
/// bits are stored. That is the symbol's entropy and some six bits an occurrence, less than the
/// levels of a wavelet matrix over the same alphabet, and a rank costs two cache misses instead of
/// one a level. The layout follows from the sequence's length and the symbols' counts alone.
public struct OccurrenceLists: Sendable {
    public let symbols: SymbolArray
    public let directory: FrozenArray<UInt32>
    public let low: FrozenArray<UInt64>
    let lists: FrozenArray<ck_occurrence_list>
    private let wholeWidth: Int

    /// Wraps stored lists; nil when their sizes are not those that the counts demand.
    ///
    /// - Parameter cumulative: entry c: how many symbols are below c; the last is their number.
    public init?(
        symbols: SymbolArray, cumulative: FrozenArray<UInt64>, directory: FrozenArray<UInt32>,
        low: FrozenArray<UInt64>
    ) {
        let layout = Layout(cumulative: cumulative, count: symbols.count)
        guard directory.count == layout.directoryEntries, low.count == layout.lowWords else { return nil }
        self.init(symbols: symbols, layout: layout, directory: directory, low: low)
    }

    private init(
        symbols: SymbolArray, layout: Layout, directory: FrozenArray<UInt32>, low: FrozenArray<UInt64>
    ) {
        self.symbols = symbols
        self.directory = directory
        self.low = low
        lists = FrozenArray(layout.lists)
        wholeWidth = layout.wholeWidth
    }

    /// Builds the lists of a sequence; O(length), on up to `threads` threads.
    public init(symbols: SymbolArray, cumulative: FrozenArray<UInt64>, threads: Int = Parallel.cores) {
        let layout = Layout(cumulative: cumulative, count: symbols.count)
        let lists = layout.lists
        let shares = layout.shares(of: cumulative, threads: threads)
        let low = FrozenArray<UInt64>(count: layout.lowWords) { low in
            low.initialize(repeating: 0)
        }
        let directory = FrozenArray<UInt32>(count: layout.directoryEntries) { entries in
            // Lists start at words of their own, so that threads with different symbols never meet.
            let target = Target(
                directory: entries.baseAddress, low: UnsafeMutablePointer(mutating: low.unsafeBase))
            lists.withUnsafeBufferPointer { lists in
                let lists = Shared(pointer: lists.baseAddress)
                Parallel.forEach(count: shares.count, threads: threads) { share in
                    let range = shares[share]
                    guard let list = lists.pointer, let directory = target.directory else { return }
                    var cursors = [UInt32](repeating: 0, count: range.upperBound)
                    ck_occurrences_append(
                        list, UInt32(layout.wholeWidth), symbols.base, UInt32(symbols.symbolBytes), 0,
                        UInt64(symbols.count), UInt32(range.lowerBound), UInt32(range.upperBound), &cursors,
                        directory, target.low)
                    for symbol in range where layout.entries(of: symbol) > 0 {
                        ck_occurrences_finish(
                            list + symbol, UInt64(layout.entries(of: symbol)), directory)
                    }
                }
            }
        }
        self.init(symbols: symbols, layout: layout, directory: directory, low: low)
    }

    // The pointers cross to other threads, which write disjoint parts.
    private struct Target: @unchecked Sendable {
        var directory: UnsafeMutablePointer<UInt32>?
        var low: UnsafeMutablePointer<UInt64>
    }

    private struct Shared: @unchecked Sendable {
        var pointer: UnsafePointer<ck_occurrence_list>?
    }

    @inline(__always)
    private func withKernel<R>(_ body: (UnsafePointer<ck_occurrences>) -> R) -> R {
        var view = ck_occurrences(
            lists: lists.unsafeBase, directory: directory.unsafeBase, low: low.unsafeBase,
            symbols: symbols.base, symbol_bytes: UInt32(symbols.symbolBytes),
            whole_width: UInt32(wholeWidth))
        defer { withExtendedLifetime(self) {} }
        return body(&view)
    }

    /// Replaces each range `low[i] ..< high[i]` by the ranks of `symbols[i]` at its two ends.
    ///
    /// Where a symbol does not occur in a narrow range, the result is some empty range.
    ///
    /// - Precondition: the three have one length, symbols are in the alphabet, ranges in the sequence.
    public func ranks(
        of symbols: UnsafeBufferPointer<UInt32>, low: UnsafeMutablePointer<UInt64>,
        high: UnsafeMutablePointer<UInt64>
    ) {
        withKernel { ck_occurrences_ranks($0, symbols.count, symbols.baseAddress, low, high) }
    }

    /// The ranks of one symbol at both ends of a range.
    public func ranks(of symbol: Int, in range: Range<Int>) -> Range<Int> {
        precondition(range.lowerBound >= 0 && range.upperBound <= symbols.count)
        precondition(symbol >= 0 && symbol < lists.count)
        var one = UInt32(symbol)
        var low = UInt64(range.lowerBound)
        var high = UInt64(range.upperBound)
        withKernel { ck_occurrences_ranks($0, 1, &one, &low, &high) }
        return Int(low)..<Int(high)
    }

    /// Where each symbol's list and directory start.
    struct Layout: Sendable {
        var lists: [ck_occurrence_list] = []
        var directoryEntries = 0
        var lowWords = 0
        let wholeWidth: Int
        private let length: Int

        /// Positions between two cuts of a list, at least, where the symbol is spread evenly.
        private static let bucket = 16

        init(cumulative: FrozenArray<UInt64>, count: Int) {
            length = count
            wholeWidth = PackedInts.width(forLargest: count)
            lists.reserveCapacity(cumulative.count)
            for symbol in 0..<max(0, cumulative.count - 1) {
                let occurrences = Int(clamping: cumulative[symbol + 1] - cumulative[symbol])
                let buckets = occurrences / Self.bucket
                var width = 0
                while count >> width > buckets { width += 1 }
                let isWhole = count >> width == 0
                lists.append(
                    ck_occurrence_list(
                        directory: UInt64(directoryEntries), low: UInt64(lowWords),
                        count: UInt32(clamping: occurrences), width: isWhole ? 64 : UInt32(max(1, width))))
                directoryEntries += entries(of: symbol)
                lowWords += (occurrences * min(Int(lists[symbol].width), wholeWidth) + 63) / 64
            }
            lowWords += 1  // spares readers a branch
        }

        func entries(of symbol: Int) -> Int {
            let width = Int(lists[symbol].width)
            return width >= wholeWidth ? 0 : length >> width + 2
        }

        /// Ranges of symbols of about equal numbers of occurrences.
        func shares(of cumulative: FrozenArray<UInt64>, threads: Int) -> [Range<Int>] {
            var shares: [Range<Int>] = []
            var start = 0
            for symbol in lists.indices {
                let target = UInt64(length) * UInt64(shares.count + 1) / UInt64(max(1, threads))
                if cumulative[symbol + 1] >= target, shares.count < threads - 1 {
                    shares.append(start..<symbol + 1)
                    start = symbol + 1
                }
            }
            if start < lists.count { shares.append(start..<lists.count) }
            return shares
        }
    }
}
