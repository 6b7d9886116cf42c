import Memory
import Storage
import Succinct

/// The most frequent next tokens of very frequent sequences.
///
/// The rows of a frequent sequence are too many to read for every query; there are few such
/// sequences, so their answers are stored. Sequences are found by their rows.
///
/// Sequences of one length share no row, so those of every length up to the longest stored have at
/// most as many rows as the text: collecting them is linear in the text, whatever it repeats.
struct FrequentContinuations: Sendable {
    /// Sequences with more rows than this are stored.
    static let rowThreshold = 8192
    /// How many next tokens of each.
    static let length = 64
    /// The tokens of the longest stored sequence, more than what decoding writes as a rule. Only text
    /// that repeats itself has frequent sequences as long, and there the rows of longer ones are read.
    static let maximumTokens = 16

    /// low and high of each stored sequence's rows; low rising, then high falling.
    let ranges: FrozenArray<UInt64>
    /// `length` symbols a sequence: count falling, then symbol rising; padded with zeros.
    let symbols: FrozenArray<UInt32>
    let counts: FrozenArray<UInt32>

    /// Nil when the parts do not fit together.
    init?(ranges: FrozenArray<UInt64>, symbols: FrozenArray<UInt32>, counts: FrozenArray<UInt32>) {
        guard ranges.count % 2 == 0, symbols.count == ranges.count / 2 * Self.length,
            counts.count == symbols.count
        else { return nil }
        self.ranges = ranges
        self.symbols = symbols
        self.counts = counts
    }

    static let none = FrequentContinuations(ranges: [], symbols: [], counts: [])

    private init(ranges: [UInt64], symbols: [UInt32], counts: [UInt32]) {
        self.ranges = FrozenArray(ranges)
        self.symbols = FrozenArray(symbols)
        self.counts = FrozenArray(counts)
    }

    /// The `k` most frequent symbols of a stored sequence, the sentinel left out; nil when it is not
    /// stored, or when more are wanted than the list is sure of.
    func top(_ k: Int, of rows: FMIndex.Rows) -> [SymbolArray.Count]? {
        guard rows.count > Self.rowThreshold, k < Self.length, let index = find(rows) else { return nil }
        var found: [SymbolArray.Count] = []
        found.reserveCapacity(k)
        for slot in index * Self.length..<(index + 1) * Self.length {
            guard found.count < k, counts[slot] > 0 else { break }
            guard symbols[slot] > 0 else { continue }
            found.append(.init(symbol: symbols[slot], count: Int(counts[slot])))
        }
        return found
    }

    private func find(_ rows: FMIndex.Rows) -> Int? {
        var low = 0
        var high = ranges.count / 2
        let wanted = (UInt64(rows.low), UInt64(rows.high))
        while low < high {
            let middle = (low + high) / 2
            let range = (ranges[2 * middle], ranges[2 * middle + 1])
            if range == wanted { return middle }
            if range.0 < wanted.0 || (range.0 == wanted.0 && range.1 > wanted.1) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return nil
    }

    /// Collects the lists of a fast index; O(`maximumTokens` · text length).
    init(of index: FMIndex, threads: Int = Parallel.cores) {
        struct Entry: Sendable {
            var rows: FMIndex.Rows
            var top: [FMIndex.Continuation]
        }
        let codes = (1..<index.tokenOfCode.count).filter { index.bucket(of: $0).count > Self.rowThreshold }
        let perCode = Parallel.map(count: codes.count, threads: threads) { position -> [Entry] in
            var open = [(rows: index.bucket(of: codes[position]), tokens: 1)]
            var entries: [Entry] = []
            while let (rows, tokens) = open.popLast() {
                let all = index.continuations(of: rows)
                let top = all.sorted { ($0.count, $1.token) > ($1.count, $0.token) }.prefix(Self.length)
                entries.append(Entry(rows: rows, top: Array(top)))
                guard tokens < Self.maximumTokens else { continue }
                // No sequence goes past the end of a passage.
                open += all.filter { $0.count > Self.rowThreshold && $0.token != index.documentEnd }
                    .map { ($0.rows, tokens + 1) }
            }
            return entries
        }
        let entries = perCode.joined().sorted { ($0.rows.low, $1.rows.high) < ($1.rows.low, $0.rows.high) }
        var symbols: [UInt32] = []
        var counts: [UInt32] = []
        for entry in entries {
            for slot in 0..<Self.length {
                let item = slot < entry.top.count ? entry.top[slot] : nil
                symbols.append(item.map { UInt32(index.codeOfToken[Int($0.token)]) } ?? 0)
                counts.append(UInt32(clamping: item?.count ?? 0))
            }
        }
        self.init(
            ranges: entries.flatMap { [UInt64($0.rows.low), UInt64($0.rows.high)] }, symbols: symbols,
            counts: counts)
    }

    func write(to sink: any SectionSink) throws(StorageError) {
        try sink.write("fm.frequent.ranges", ranges)
        try sink.write("fm.frequent.symbols", symbols)
        try sink.write("fm.frequent.counts", counts)
    }

    init?(_ source: some SectionSource) throws(StorageError) {
        self.init(
            ranges: try source.section("fm.frequent.ranges", of: UInt64.self),
            symbols: try source.section("fm.frequent.symbols", of: UInt32.self),
            counts: try source.section("fm.frequent.counts", of: UInt32.self))
    }
}
