import CKernels
import Memory
import Storage
import Succinct

/// What is read off the suffix array before the transform takes its place: the passage of every
/// row, samples of positions, and where the passages' ends went.
struct RowPass<
    Symbol: FixedWidthInteger & BitwiseCopyable & Sendable,
    Position: FixedWidthInteger & BitwiseCopyable & Sendable
> {
    let starts: [Int]
    let tokenCount: Int
    let threads: Int
    private var textLength: Int { tokenCount + 2 }

    /// Rows handled at a time; a multiple of 64, so that packed pieces are whole words.
    private let pieceLength = 1 << 18

    init(starts: [Int], tokenCount: Int, threads: Int) {
        self.starts = starts
        self.tokenCount = tokenCount
        self.threads = threads
    }

    /// Writes `fm.document.rows`, the samples and, in a fast index, `fm.row.documents`.
    func writePlaces(
        of rows: UnsafeMutableBufferPointer<Position>, documentEnds: Range<Int>, profile: NgramProfile,
        to sink: any SectionSink
    ) throws(StorageError) {
        let documents = starts.count - 1
        // One start of passage in the text for each passage, and one where the last one ends.
        let borders = RankBitVector(count: textLength, ones: starts)
        var rowOfDocument = [Int](repeating: 0, count: documents)
        for row in documentEnds {
            // The document end at a passage's start in the text is the end of the one before.
            let document = borders.rank(Int(rows[row])) - 1
            if document >= 0 { rowOfDocument[document] = row }
        }
        let packedRows = PackedInts(count: documents, width: PackedInts.width(forLargest: textLength)) {
            UInt64(rowOfDocument[$0])
        }
        try sink.write("fm.document.rows", packedRows.words)
        try writeSamples(of: rows, to: sink)
        if profile == .fast { try writeDocuments(of: rows, borders: borders, documents: documents, to: sink) }
    }

    private func writeSamples(
        of rows: UnsafeMutableBufferPointer<Position>, to sink: any SectionSink
    ) throws(StorageError) {
        let rate = PositionSamples.rate
        let count = (textLength + rate - 1) / rate
        let samples = FrozenArray<UInt32>(count: count + 1) { _ in }
        let marks = RankBitVector(count: textLength) { blocks in
            guard let blocks = blocks.baseAddress, let first = rows.baseAddress else { return }
            let raw = UnsafeRawPointer(first)
            let target = UnsafeMutablePointer(mutating: samples.unsafeBase)
            if MemoryLayout<Position>.size == 4 {
                _ = ck_sample_rows_32(
                    raw.assumingMemoryBound(to: Int32.self), textLength, UInt32(rate), blocks, target)
            } else {
                _ = ck_sample_rows_64(
                    raw.assumingMemoryBound(to: Int64.self), textLength, UInt32(rate), blocks, target)
            }
        }
        try sink.write("fm.samples.marks", marks.blocks)
        let packed = PackedInts(count: count, width: PackedInts.width(forLargest: textLength / rate)) {
            UInt64(samples[$0])
        }
        try sink.write("fm.samples.positions", packed.words)
    }

    private func writeDocuments(
        of rows: UnsafeMutableBufferPointer<Position>, borders: RankBitVector, documents: Int,
        to sink: any SectionSink
    ) throws(StorageError) {
        let width = PackedInts.width(forLargest: documents)
        let total = PackedInts.wordCount(count: textLength, width: width)
        let pieceWords = pieceLength / 64 * width
        let batch = max(1, threads) * 4
        let source = Source(rows: UnsafeBufferPointer(rows))
        try sink.begin("fm.row.documents")
        var written = 0
        for first in stride(from: 0, to: textLength, by: batch * pieceLength) {
            let pieces = min(batch, (textLength - first + pieceLength - 1) / pieceLength)
            let words = FrozenArray<UInt64>(count: pieces * pieceWords + 1) { words in
                let target = Target(words: words.baseAddress)
                Parallel.forEach(count: pieces, threads: threads) { piece in
                    let start = first + piece * pieceLength
                    let count = min(pieceLength, textLength - start)
                    guard let words = target.words, let base = source.rows.baseAddress else { return }
                    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { ranks in
                        guard let rank = ranks.baseAddress else { return }
                        Self.ranksThrough(base + start, count, borders, rank)
                        // A row past the last passage gets a number that is none.
                        for index in 0..<count { rank[index] -= 1 }
                        PackedInts.pack(
                            UnsafeBufferPointer(start: rank, count: count), width: width,
                            into: words + piece * pieceWords)
                    }
                }
            }
            let isLast = first + batch * pieceLength >= textLength
            let take = isLast ? total - written : pieces * pieceWords
            try sink.append(words.slice(0..<take))
            written += take
        }
        try sink.end()
    }

    // Pointers that cross to other threads, which read, or write disjoint parts.
    private struct Source: @unchecked Sendable {
        var rows: UnsafeBufferPointer<Position>
    }

    private struct Target: @unchecked Sendable {
        var words: UnsafeMutablePointer<UInt64>?
    }

    private static func ranksThrough(
        _ positions: UnsafePointer<Position>, _ count: Int, _ borders: RankBitVector,
        _ ranks: UnsafeMutablePointer<UInt32>
    ) {
        let raw = UnsafeRawPointer(positions)
        if MemoryLayout<Position>.size == 4 {
            ck_ranks_through_32(
                borders.blocks.unsafeBase, raw.assumingMemoryBound(to: Int32.self), count, ranks)
        } else {
            ck_ranks_through_64(
                borders.blocks.unsafeBase, raw.assumingMemoryBound(to: Int64.self), count, ranks)
        }
    }

    /// Replaces the suffix array by the Burrows-Wheeler transform, which fits into its front: piece by
    /// piece on all threads, each piece moved down once the suffixes below have been read.
    func transform(
        _ rows: UnsafeMutableBufferPointer<Position>, text: UnsafeBufferPointer<Symbol>,
        in allocation: HeapAllocation
    ) {
        let batch = max(1, threads) * 4
        let stage = HeapAllocation(bytes: batch * pieceLength * MemoryLayout<Symbol>.stride)
        let source = Source(rows: UnsafeBufferPointer(rows))
        let shared = SharedText(text: text, stage: stage)
        for first in stride(from: 0, to: textLength, by: batch * pieceLength) {
            let count = min(batch * pieceLength, textLength - first)
            Parallel.forEachRange(count: count, grain: pieceLength, threads: threads) { range in
                SuffixArray.precedingSymbols(
                    of: UnsafeBufferPointer(
                        rebasing: source.rows[first + range.lowerBound..<first + range.upperBound]),
                    text: shared.text,
                    into: shared.stage.pointer.assumingMemoryBound(to: Symbol.self) + range.lowerBound)
            }
            (allocation.pointer + first * MemoryLayout<Symbol>.stride).copyMemory(
                from: stage.pointer, byteCount: count * MemoryLayout<Symbol>.stride)
        }
    }

    private struct SharedText: @unchecked Sendable {
        var text: UnsafeBufferPointer<Symbol>
        var stage: HeapAllocation
    }
}
