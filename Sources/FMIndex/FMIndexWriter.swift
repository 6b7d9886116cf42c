import Dispatch
import Memory
import Storage
import Succinct

/// The one build of an index: from tokens to sections, over one buffer of text and one of suffixes.
///
/// `Symbol` and `Position` are the widths that the alphabet and the length need.
struct FMIndexWriter<
    Symbol: FixedWidthInteger & BitwiseCopyable & Sendable,
    Position: FixedWidthInteger & BitwiseCopyable & Sendable
> {
    private var tokens: TokenSpool
    private let alphabet: FMIndexBuilder.Alphabet
    private let starts: [Int]
    private let tokenCount: Int
    private let documentEnd: Int32
    private let titleEnd: Int32
    private let queryStart: Int32?
    private var textLength: Int { tokenCount + 2 }
    private var documentCount: Int { starts.count - 1 }

    init(
        tokens: TokenSpool, starts: [Int], alphabet: FMIndexBuilder.Alphabet, documentEnd: Int32,
        titleEnd: Int32, queryStart: Int32?
    ) {
        self.tokens = tokens
        self.starts = starts
        self.alphabet = alphabet
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
        self.queryStart = queryStart
        tokenCount = tokens.count
    }

    mutating func write(to sink: any SectionSink, _ options: FMIndexBuilder.Options) throws {
        let profile = options.profile ?? .suited(to: tokenCount)
        let cumulative = FrozenArray(alphabet.cumulative)
        let startOfDocument = PackedInts(
            count: starts.count, width: PackedInts.width(forLargest: tokenCount)
        ) { [starts] in UInt64(starts[$0]) }
        try sink.write(
            "fm.header",
            [
                UInt64(documentCount), UInt64(tokenCount), UInt64(documentEnd),
                UInt64(titleEnd), profile == .fast ? 1 : 2, UInt64((queryStart ?? -1) + 1),
            ])
        try sink.write("fm.cumulative", cumulative)
        try sink.write("fm.alphabet", alphabet.tokenOfCode)
        try sink.write("fm.alphabet.codes", alphabet.codeOfToken)
        try sink.write("fm.documents", startOfDocument.words)

        try options.progress(.suffixArray)
        var text: HeapAllocation? = try makeText(writingTokens: profile == .fast ? sink : nil)
        let suffixes = HeapAllocation(bytes: textLength * MemoryLayout<Position>.stride)
        let rows = UnsafeMutableBufferPointer(
            start: suffixes.pointer.bindMemory(to: Position.self, capacity: textLength), count: textLength)
        if let text {
            try sort(text, into: rows, options.update)
        }

        try options.progress(.transform)
        let pass = RowPass<Symbol, Position>(
            starts: starts, tokenCount: tokenCount, threads: options.threads)
        if let text {
            try pass.writePlaces(of: rows, documentEnds: documentEndRows, profile: profile, to: sink)
            pass.transform(rows, text: symbols(in: text), in: suffixes)
        }
        text = nil
        suffixes.release(from: textLength * MemoryLayout<Symbol>.stride)

        try options.progress(.ranks)
        let symbols = FrozenArray<UInt8>(
            base: UnsafePointer(suffixes.pointer.assumingMemoryBound(to: UInt8.self)),
            count: textLength * MemoryLayout<Symbol>.stride, owner: suffixes)
        switch profile {
        case .fast:
            guard
                let array = SymbolArray(
                    bytes: symbols, count: textLength, symbolBytes: MemoryLayout<Symbol>.size)
            else { return }
            let lists = OccurrenceLists(symbols: array, cumulative: cumulative, threads: options.threads)
            try sink.write("fm.symbols", symbols)
            try sink.write("fm.occurrences.directory", lists.directory)
            try sink.write("fm.occurrences.low", lists.low)
            try frequentContinuations(lists, cumulative, startOfDocument).write(to: sink)
        case .compact:
            let matrix = WaveletMatrix(
                consuming: UnsafeMutableBufferPointer(
                    start: suffixes.pointer.assumingMemoryBound(to: Symbol.self), count: textLength),
                alphabetSize: alphabet.tokenOfCode.count)
            try sink.write("fm.wavelet", matrix.blocks)
            try sink.write("fm.wavelet.zeros", matrix.zeros)
            try sink.write("fm.wavelet.bottoms", matrix.bottoms)
        }
    }

    /// Sorts the suffixes; long texts on another thread, so that this one can tell how far it is.
    private func sort(
        _ text: HeapAllocation, into rows: UnsafeMutableBufferPointer<Position>,
        _ update: (Double) throws -> Void
    ) throws {
        let size = alphabet.tokenOfCode.count
        guard textLength > 1 << 22 else {
            return try SuffixArray.sort(text: symbols(in: text), alphabetSize: size, into: rows)
        }
        let work = Sort(text: symbols(in: text), rows: rows, progress: .init(length: textLength))
        let done = DispatchSemaphore(value: 0)
        let sort: @Sendable () -> Void = {
            work.isSorted =
                (try? SuffixArray.sort(
                    text: work.text, alphabetSize: size, into: work.rows, progress: work.progress)) != nil
            done.signal()
        }
        let thread = WorkerThread.start(sort)
        if thread == nil { sort() }
        defer { thread?.join() }
        var interruption: (any Error)?
        while done.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
            guard interruption == nil else { continue }
            do { try update(work.progress.fraction) } catch { interruption = error }
        }
        if let interruption { throw interruption }
        guard work.isSorted else { throw SuffixArray.OutOfMemory() }
    }

    /// What the sorting thread works on; the semaphore orders its writes before our reads.
    private final class Sort: @unchecked Sendable {
        let text: UnsafeBufferPointer<Symbol>
        let rows: UnsafeMutableBufferPointer<Position>
        let progress: SuffixArray.Progress
        var isSorted = false

        init(
            text: UnsafeBufferPointer<Symbol>, rows: UnsafeMutableBufferPointer<Position>,
            progress: SuffixArray.Progress
        ) {
            self.text = text
            self.rows = rows
            self.progress = progress
        }
    }

    private func symbols(in text: HeapAllocation) -> UnsafeBufferPointer<Symbol> {
        UnsafeBufferPointer(
            start: UnsafePointer(text.pointer.assumingMemoryBound(to: Symbol.self)), count: textLength)
    }

    /// The codes of every passage reversed, one more document end, and the sentinel.
    ///
    /// Before they are reversed they are what `fm.tokens` holds.
    private mutating func makeText(writingTokens sink: (any SectionSink)?) throws(StorageError) -> HeapAllocation {
        let allocation = HeapAllocation(bytes: textLength * MemoryLayout<Symbol>.stride)
        let text = allocation.pointer.bindMemory(to: Symbol.self, capacity: textLength)
        var position = 0
        let codes = alphabet.codeOfToken
        tokens.drain { token in
            text[position] = Symbol(truncatingIfNeeded: codes[Int(token)])
            position += 1
        }
        if let sink {
            try sink.begin("fm.tokens")
            try sink.append(
                UnsafeRawBufferPointer(start: text, count: tokenCount * MemoryLayout<Symbol>.stride))
            try sink.end()
        }
        for document in 0..<documentCount {
            var low = starts[document]
            var high = starts[document + 1] - 1
            while low < high {
                (text[low], text[high]) = (text[high], text[low])
                low += 1
                high -= 1
            }
        }
        text[tokenCount] = Symbol(truncatingIfNeeded: codes[Int(documentEnd)])
        text[tokenCount + 1] = 0
        return allocation
    }

    /// The rows whose suffix starts with a document end.
    private var documentEndRows: Range<Int> {
        let code = Int(alphabet.codeOfToken[Int(documentEnd)])
        return Int(alphabet.cumulative[code])..<Int(alphabet.cumulative[code + 1])
    }

    private func frequentContinuations(
        _ lists: OccurrenceLists, _ cumulative: FrozenArray<UInt64>, _ startOfDocument: PackedInts
    ) -> FrequentContinuations {
        let index = FMIndex(
            transform: .lists(lists), alphabet: alphabet, cumulative: cumulative,
            documentEnd: documentEnd, titleEnd: titleEnd, tokenCount: tokenCount,
            startOfDocument: startOfDocument)
        return FrequentContinuations(of: index)
    }
}
