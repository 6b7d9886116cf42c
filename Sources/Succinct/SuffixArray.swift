import CKernels

/// Suffix sorting of integer texts by induced sorting (SA-IS: Nong, Zhang, Chan 2011).
///
/// Linear time. Beside the text and the result it takes two tables of one entry a symbol of the
/// alphabet; the recursion lives inside the result. The kernel prefetches what the induction will
/// touch (`suffixes.c`).
public enum SuffixArray {
    /// The longest text, sentinel included, whose suffix array fits 32-bit positions.
    public static let maximumNarrowLength = Int(Int32.max) - 1

    /// There was no memory for the tables.
    public struct OutOfMemory: Error, CustomStringConvertible {
        public init() {}

        public var description: String { "not enough memory to sort the suffixes" }
    }

    /// Where a sort stands; read from other threads.
    public final class Progress: @unchecked Sendable {
        // Written by the kernel with atomic additions; an aligned word is read whole.
        fileprivate let steps: UnsafeMutablePointer<UInt64>
        private let total: Double

        public init(length: Int) {
            steps = .allocate(capacity: 1)
            steps.initialize(to: 0)
            total = 5.5 * Double(max(1, length))
        }

        deinit { steps.deallocate() }

        /// The part done, 0 to 1, judged by the number of steps that texts take.
        public var fraction: Double { min(0.99, Double(steps.pointee) / total) }
    }

    /// Sorts the suffixes of `text` into `result`, which has the same length.
    ///
    /// - Parameters:
    ///   - text: symbols in `0..<alphabetSize`; the last is 0 and occurs nowhere else. `UInt16` or
    ///     `Int32`.
    ///   - result: receives the starts of the suffixes in rising order. `Int32` for up to
    ///     ``maximumNarrowLength`` symbols, else `Int64`.
    ///   - progress: counts its steps up while the sort runs, for another thread to read.
    /// - Throws: ``OutOfMemory``.
    public static func sort<Symbol: FixedWidthInteger, Position: FixedWidthInteger>(
        text: UnsafeBufferPointer<Symbol>, alphabetSize: Int,
        into result: UnsafeMutableBufferPointer<Position>, progress: Progress? = nil
    ) throws(OutOfMemory) {
        let n = text.count
        precondition(n == result.count && n > 0 && text[n - 1] == 0, "the text must end with its sentinel")
        precondition(n <= Int(Position.max) - 1 && alphabetSize - 1 <= Int(Symbol.max))
        guard let from = text.baseAddress, let to = result.baseAddress else { return }
        let symbols = UnsafeRawPointer(from)
        let suffixes = UnsafeMutableRawPointer(to)
        let steps = progress?.steps
        let status: Int32
        switch (MemoryLayout<Symbol>.size, MemoryLayout<Position>.size) {
        case (2, 4):
            status = ck_suffixes_16_32(
                symbols.assumingMemoryBound(to: UInt16.self), suffixes.assumingMemoryBound(to: Int32.self),
                Int32(n), Int32(alphabetSize), steps)
        case (4, 4):
            status = ck_suffixes_32_32(
                symbols.assumingMemoryBound(to: Int32.self), suffixes.assumingMemoryBound(to: Int32.self),
                Int32(n), Int32(alphabetSize), steps)
        case (2, 8):
            status = ck_suffixes_16_64(
                symbols.assumingMemoryBound(to: UInt16.self), suffixes.assumingMemoryBound(to: Int64.self),
                Int64(n), Int64(alphabetSize), steps)
        case (4, 8):
            status = ck_suffixes_32_64(
                symbols.assumingMemoryBound(to: Int32.self), suffixes.assumingMemoryBound(to: Int64.self),
                Int64(n), Int64(alphabetSize), steps)
        default:
            preconditionFailure("no kernel for these widths")
        }
        if status != 0 { throw OutOfMemory() }
    }

    /// Writes, for each suffix of a piece of the suffix array, the symbol before it; 0 before the
    /// start of the text. In row order these are the Burrows-Wheeler transform.
    public static func precedingSymbols<Symbol: FixedWidthInteger, Position: FixedWidthInteger>(
        of suffixes: UnsafeBufferPointer<Position>, text: UnsafeBufferPointer<Symbol>,
        into symbols: UnsafeMutablePointer<Symbol>
    ) {
        guard let from = text.baseAddress, let starts = suffixes.baseAddress else { return }
        let (text, rows, target) = (UnsafeRawPointer(from), UnsafeRawPointer(starts), UnsafeMutableRawPointer(symbols))
        let n = suffixes.count
        switch (MemoryLayout<Symbol>.size, MemoryLayout<Position>.size) {
        case (2, 4):
            ck_preceding_16_32(
                text.assumingMemoryBound(to: UInt16.self), rows.assumingMemoryBound(to: Int32.self), n,
                target.assumingMemoryBound(to: UInt16.self))
        case (4, 4):
            ck_preceding_32_32(
                text.assumingMemoryBound(to: Int32.self), rows.assumingMemoryBound(to: Int32.self), n,
                target.assumingMemoryBound(to: Int32.self))
        case (2, 8):
            ck_preceding_16_64(
                text.assumingMemoryBound(to: UInt16.self), rows.assumingMemoryBound(to: Int64.self), n,
                target.assumingMemoryBound(to: UInt16.self))
        case (4, 8):
            ck_preceding_32_64(
                text.assumingMemoryBound(to: Int32.self), rows.assumingMemoryBound(to: Int64.self), n,
                target.assumingMemoryBound(to: Int32.self))
        default:
            preconditionFailure("no kernel for these widths")
        }
    }
}
