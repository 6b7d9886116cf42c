import Memory
import Storage
import Succinct

/// Collects the tokens of passages and freezes them into an ``FMIndex``.
public struct FMIndexBuilder {
    /// The corpus does not fit one index.
    public struct TooLarge: Error, CustomStringConvertible {
        public let tokens: Int
        public var description: String {
            "the corpus has \(tokens) tokens; one n-gram index holds up to \(FMIndexBuilder.maximumTokens)"
        }
    }

    /// Rows are counted in 32 bits.
    public static let maximumTokens = Int(UInt32.max) - 2

    public let documentEnd: Int32
    public let titleEnd: Int32
    public let queryStart: Int32?
    var spool = TokenSpool()
    var starts: [Int] = [0]

    /// Starts an empty index. The marks may occur nowhere else in the passages' tokens.
    ///
    /// - Parameter queryStart: what stands before a pseudo-query; needed where passages carry any.
    public init(documentEnd: Int32, titleEnd: Int32, queryStart: Int32? = nil) {
        precondition(documentEnd >= 0 && titleEnd >= 0 && documentEnd != titleEnd)
        precondition(queryStart.map { $0 >= 0 && $0 != documentEnd && $0 != titleEnd } ?? true)
        self.queryStart = queryStart
        self.documentEnd = documentEnd
        self.titleEnd = titleEnd
    }

    public var tokenCount: Int { spool.count }
    public var documentCount: Int { starts.count - 1 }

    /// Adds the next passage: title, title end, body, pseudo-queries, document end. An empty title has
    /// no title end; a pseudo-query stands between query start and title end (MINDER's layout).
    public mutating func add(title: [Int32], body: [Int32], queries: [[Int32]] = []) {
        title.withUnsafeBufferPointer { title in
            body.withUnsafeBufferPointer { add(title: title, body: $0, queries: queries) }
        }
    }

    /// Adds the next passage from buffers.
    public mutating func add(
        title: UnsafeBufferPointer<Int32>, body: UnsafeBufferPointer<Int32>, queries: [[Int32]] = []
    ) {
        precondition(queries.isEmpty || queryStart != nil, "pseudo-queries need a mark of their own")
        if !title.isEmpty {
            for token in title { spool.append(token) }
            spool.append(titleEnd)
        }
        for token in body { spool.append(token) }
        for query in queries {
            if let queryStart { spool.append(queryStart) }
            for token in query { spool.append(token) }
            spool.append(titleEnd)
        }
        spool.append(documentEnd)
        starts.append(spool.count)
    }

    /// Adds the next passage by its tokens as an index with the same marks holds them, its document end included.
    public mutating func add(stored tokens: [Int32]) {
        precondition(tokens.last == documentEnd, "a passage ends with the document end")
        for token in tokens { spool.append(token) }
        starts.append(spool.count)
    }

    /// The long parts of a build.
    public enum Stage: Sendable {
        case suffixArray
        case transform
        case ranks
    }

    /// How an index is frozen.
    public struct Options {
        /// Nil for the one that suits the number of tokens.
        public var profile: NgramProfile?
        public var threads = Parallel.cores
        /// Hears of each stage as it starts; throws to end the build.
        public var progress: (Stage) throws -> Void = { _ in }
        /// Hears some times a second how much of the suffix sort is done, 0 to 1. What it throws ends the
        /// build when the sort has.
        public var update: (Double) throws -> Void = { _ in }

        public init(profile: NgramProfile? = nil) { self.profile = profile }
    }

    /// Sorts and freezes into memory; the builder is empty then.
    public mutating func build(_ options: Options = Options()) throws -> FMIndex {
        let sections = MemorySections()
        try write(to: sections, options)
        return try FMIndex(sections)
    }

    /// Sorts and writes the sections of the index as they are made; the builder is empty then.
    ///
    /// Peak memory: 6 bytes a token (two of text, four of suffix array, in which the transform takes its
    /// place) and up to 2 for the sort's tables; twice the text's share for alphabets past 65,535 tokens, and 8 bytes a
    /// position past 2^31 tokens.
    ///
    /// - Throws: ``TooLarge``; ``SuffixArray/OutOfMemory``; ``StorageError``; what `progress` throws.
    public mutating func write(to sink: any SectionSink, _ options: Options = Options()) throws {
        guard spool.count <= Self.maximumTokens else { throw TooLarge(tokens: spool.count) }
        let alphabet = Alphabet(counts: spool.counts, documentEnd: documentEnd)
        let isNarrow = spool.count + 2 <= SuffixArray.maximumNarrowLength
        switch (SymbolArray.symbolBytes(forLargest: alphabet.tokenOfCode.count - 1), isNarrow) {
        case (2, true): try write(FMIndexWriter<UInt16, Int32>.self, alphabet, sink, options)
        case (2, false): try write(FMIndexWriter<UInt16, Int64>.self, alphabet, sink, options)
        case (_, true): try write(FMIndexWriter<Int32, Int32>.self, alphabet, sink, options)
        case (_, false): try write(FMIndexWriter<Int32, Int64>.self, alphabet, sink, options)
        }
    }

    private mutating func write<Symbol, Position>(
        _ writer: FMIndexWriter<Symbol, Position>.Type, _ alphabet: Alphabet, _ sink: any SectionSink,
        _ options: Options
    ) throws {
        var writer = writer.init(
            tokens: spool, starts: starts, alphabet: alphabet, documentEnd: documentEnd, titleEnd: titleEnd,
            queryStart: queryStart)
        spool = TokenSpool()
        starts = [0]
        try writer.write(to: sink, options)
    }

    /// The dense numbering of the tokens that occur.
    struct Alphabet: Sendable {
        /// -1 for the sentinel, code 0.
        var tokenOfCode: [Int32] = [-1]
        var codeOfToken: [Int32]
        /// cumulative[c]: the symbols of the text below c.
        var cumulative: [UInt64] = [0, 1]

        init(counts: [Int], documentEnd: Int32) {
            codeOfToken = Array(repeating: 0, count: max(counts.count, Int(documentEnd) + 1))
            for token in codeOfToken.indices {
                var count = token < counts.count ? counts[token] : 0
                if token == Int(documentEnd) { count += 1 }  // the one that closes the text
                guard count > 0 else { continue }
                codeOfToken[token] = Int32(tokenOfCode.count)
                tokenOfCode.append(Int32(token))
                cumulative.append((cumulative.last ?? 0) + UInt64(count))
            }
        }
    }
}
