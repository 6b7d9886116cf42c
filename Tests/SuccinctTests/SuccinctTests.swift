import Memory
import Succinct
import TestSupport
import Testing

@Suite struct SuffixArrayTests {
    /// The suffix array, the same for all four widths of symbols and positions.
    private func sorted(_ text: [Int32], alphabetSize: Int) throws -> [Int32] {
        func sort<Symbol: FixedWidthInteger, Position: FixedWidthInteger>(
            _ symbols: [Symbol], _ zero: Position
        ) throws -> [Int32] {
            var result = [Position](repeating: zero, count: symbols.count)
            try symbols.withUnsafeBufferPointer { text in
                try result.withUnsafeMutableBufferPointer {
                    try SuffixArray.sort(text: text, alphabetSize: alphabetSize, into: $0)
                }
            }
            return result.map { Int32($0) }
        }
        guard !text.isEmpty else { return [] }
        let first = try sort(text, Int32(0))
        #expect(try sort(text, Int64(0)) == first)
        #expect(try sort(text.map { UInt16($0) }, Int32(0)) == first)
        #expect(try sort(text.map { UInt16($0) }, Int64(0)) == first)
        return first
    }

    @Test(arguments: [1, 2, 3, 5, 31, 200])
    func matchesNaiveSort(alphabet: Int32) throws {
        var random = SeededGenerator(seed: UInt64(alphabet))
        for size in boundarySizes {
            let text = (0..<size).map { _ in Int32.random(in: 1...alphabet, using: &random) } + [0]
            #expect(
                try sorted(text, alphabetSize: Int(alphabet) + 1) == NaiveSequence.suffixArray(text),
                "alphabet \(alphabet), size \(size)")
        }
    }

    @Test func repetitiveTexts() throws {
        // Periodic texts drive the recursion deep: many equal LMS substrings.
        for period in 1...7 {
            for repeats in [1, 2, 9, 40] {
                let unit = (0..<period).map { Int32(($0 * 5) % 3 + 1) }
                let text = Array(repeatElement(unit, count: repeats).joined()) + [0]
                #expect(try sorted(text, alphabetSize: 4) == NaiveSequence.suffixArray(text))
            }
        }
    }

    @Test func everyShortText() throws {
        // All texts of up to seven symbols over three letters.
        for length in 0...7 {
            for code in 0..<Int(pow3(length)) {
                var rest = code
                var text: [Int32] = []
                for _ in 0..<length {
                    text.append(Int32(rest % 3) + 1)
                    rest /= 3
                }
                text.append(0)
                let sorted = try sorted(text, alphabetSize: 4)
                #expect(sorted == NaiveSequence.suffixArray(text), "\(text)")
            }
        }
    }

    private func pow3(_ n: Int) -> Int { (0..<n).reduce(1) { value, _ in value * 3 } }
}

@Suite struct PackedIntsTests {
    @Test(arguments: [1, 2, 7, 8, 13, 31, 32, 33, 56, 57])
    func roundTrip(width: Int) throws {
        var random = SeededGenerator(seed: 7)
        for size in boundarySizes {
            let values = (0..<size).map { _ in UInt64.random(in: 0..<(1 << UInt64(width)), using: &random) }
            let packed = PackedInts(count: size, width: width) { values[$0] }
            #expect((0..<size).allSatisfy { UInt64(packed[$0]) == values[$0] })
            let wrapped = try #require(PackedInts(words: packed.words, count: size, width: width))
            #expect((0..<size).allSatisfy { wrapped[$0] == packed[$0] })
        }
    }

    @Test func refusesWrongLengths() {
        let words = FrozenArray<UInt64>([0, 0, 0])
        #expect(PackedInts(words: words, count: 64, width: 2) != nil)
        #expect(PackedInts(words: words, count: 65, width: 2) == nil)
        #expect(PackedInts(words: words, count: -1, width: 2) == nil)
        #expect(PackedInts(words: words, count: 2, width: 64) == nil)
        #expect(PackedInts(words: words, count: Int.max, width: 57) == nil)
    }

    @Test func widths() {
        #expect(PackedInts.width(forLargest: 0) == 1)
        #expect(PackedInts.width(forLargest: 1) == 1)
        #expect(PackedInts.width(forLargest: 2) == 2)
        #expect(PackedInts.width(forLargest: 255) == 8)
        #expect(PackedInts.width(forLargest: 256) == 9)
    }
}

@Suite struct RankBitVectorTests {
    @Test(arguments: [0.0, 0.02, 0.5, 1.0])
    func matchesNaive(density: Double) {
        var random = SeededGenerator(seed: 3)
        for size in boundarySizes {
            let bits = (0..<size).map { _ in Double.random(in: 0..<1, using: &random) < density }
            let vector = RankBitVector(count: size, ones: bits.indices.filter { bits[$0] })
            var ones = 0
            for position in 0...size {
                #expect(vector.rank(position) == ones)
                guard position < size else { break }
                #expect(vector[position] == bits[position])
                if bits[position] {
                    #expect(vector.select(ones) == position)
                    ones += 1
                }
            }
            #expect(vector.ones == ones)
            #expect(vector.select(ones) == nil)
            #expect(vector.select(-1) == nil)
        }
    }
}

@Suite struct SymbolSequenceTests {
    /// A seeded sequence with the skewed counts and the runs of a transformed text.
    private func makeSymbols(_ size: Int, alphabet: Int, seed: UInt64) -> [Int32] {
        var random = SeededGenerator(seed: seed)
        var symbols: [Int32] = []
        while symbols.count < size {
            let symbol = Int32.random(in: 0..<Int32(alphabet), using: &random) * Int32.random(in: 0...1, using: &random)
            let run = Int.random(in: 0..<8, using: &random) == 0 ? Int.random(in: 1...90, using: &random) : 1
            symbols += repeatElement(symbol, count: min(run, size - symbols.count))
        }
        return symbols
    }

    private func cumulative(_ symbols: [Int32], alphabet: Int) -> FrozenArray<UInt64> {
        var sums = [UInt64](repeating: 0, count: alphabet + 1)
        for symbol in symbols { sums[Int(symbol) + 1] += 1 }
        for symbol in 0..<alphabet { sums[symbol + 1] += sums[symbol] }
        return FrozenArray(sums)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 17, 64, 300, 70_000])
    func waveletMatrixMatchesNaive(alphabet: Int) throws {
        for size in boundarySizes {
            let symbols = makeSymbols(size, alphabet: alphabet, seed: UInt64(alphabet))
            let naive = NaiveSequence(symbols)
            var consumed = symbols
            let matrix = consumed.withUnsafeMutableBufferPointer {
                WaveletMatrix(consuming: $0, alphabetSize: alphabet)
            }
            if alphabet <= 0xFFFF {
                var narrow = symbols.map { UInt16($0) }
                let other = narrow.withUnsafeMutableBufferPointer {
                    WaveletMatrix(consuming: $0, alphabetSize: alphabet)
                }
                #expect(other.blocks == matrix.blocks && other.bottoms == matrix.bottoms)
            }
            #expect(matrix.count == size)
            try compareRanks(symbols, alphabet: alphabet, one: { matrix.ranks(of: $0, in: $1) }) {
                matrix.ranks(of: $0, low: $1, high: $2)
            }
            var random = SeededGenerator(seed: 4)
            for _ in 0..<12 where size > 0 {
                let low = Int.random(in: 0...size, using: &random)
                let high = Int.random(in: low...size, using: &random)
                let expected = naive.counts(in: low..<high)
                let distinct = matrix.distinct(in: low..<high)
                #expect(distinct.map(\.symbol) == expected.keys.sorted())
                for item in distinct {
                    #expect(item.count == expected[item.symbol])
                    #expect(item.rank == naive.rank(item.symbol, low))
                }
                let k = Int.random(in: 0...(expected.count + 1), using: &random)
                let byCount = distinct.sorted { ($0.count, $1.symbol) > ($1.count, $0.symbol) }
                #expect(matrix.top(k, in: low..<high) == Array(byCount.prefix(k)))
                #expect(matrix.distinct(in: low..<high, limit: k) == Array(distinct.prefix(k)))
            }
            for position in 0..<size where position % 7 == 0 {
                let (symbol, rank) = matrix.access(position)
                #expect(symbol == Int(symbols[position]))
                #expect(rank == naive.rank(symbols[position], position))
            }
            let wrapped = try #require(
                WaveletMatrix(
                    blocks: matrix.blocks, zeros: matrix.zeros, bottoms: matrix.bottoms, count: size,
                    levels: matrix.levels))
            #expect(wrapped.distinct(in: 0..<size) == matrix.distinct(in: 0..<size))
        }
    }

    @Test(arguments: [1, 2, 3, 17, 300, 70_000], [1, 3])
    func occurrenceListsMatchNaive(alphabet: Int, threads: Int) throws {
        for size in boundarySizes + [20_000] {
            let symbols = makeSymbols(size, alphabet: alphabet, seed: UInt64(alphabet + size))
            let array = try makeArray(symbols, alphabet: alphabet)
            let sums = cumulative(symbols, alphabet: alphabet)
            let lists = OccurrenceLists(symbols: array, cumulative: sums, threads: threads)
            try compareRanks(symbols, alphabet: alphabet, one: { lists.ranks(of: $0, in: $1) }) {
                lists.ranks(of: $0, low: $1, high: $2)
            }
            #expect(
                OccurrenceLists(
                    symbols: array, cumulative: sums, directory: lists.directory, low: lists.low) != nil)
            #expect(
                OccurrenceLists(
                    symbols: array, cumulative: sums, directory: FrozenArray(lists.directory.toArray() + [0]),
                    low: lists.low) == nil)
        }
    }

    @Test func damagedListsStayInBounds() throws {
        // Whatever stands in the directory and the lists, ranks stay below the symbol's count.
        var random = SeededGenerator(seed: 8)
        let symbols = makeSymbols(20_000, alphabet: 40, seed: 3)
        let sums = cumulative(symbols, alphabet: 40)
        let array = try makeArray(symbols, alphabet: 40)
        let lists = OccurrenceLists(symbols: array, cumulative: sums)
        for round in 0..<200 {
            // Numbers that are too large everywhere, and such as could be right.
            let largest = round % 2 == 0 ? UInt32.max : 600
            let directory = FrozenArray(
                lists.directory.toArray().map { _ in UInt32.random(in: 0...largest, using: &random) })
            let low = FrozenArray(lists.low.toArray().map { _ in UInt64.random(in: 0...UInt64.max, using: &random) })
            let broken = try #require(
                OccurrenceLists(symbols: array, cumulative: sums, directory: directory, low: low))
            for symbol in 0..<40 {
                let start = Int.random(in: 0..<19_000, using: &random)
                let ranks = broken.ranks(of: symbol, in: start..<start + Int.random(in: 0..<1000, using: &random))
                #expect(ranks.lowerBound <= ranks.upperBound)
                #expect(ranks.upperBound <= Int(sums[symbol + 1] - sums[symbol]))
            }
        }
    }

    @Test(arguments: [1, 5, 300, 70_000])
    func symbolArrayListsDistinctSymbols(alphabet: Int) throws {
        var random = SeededGenerator(seed: 2)
        for size in boundarySizes where size > 0 {
            let symbols = makeSymbols(size, alphabet: alphabet, seed: 11)
            let naive = NaiveSequence(symbols)
            let array = try makeArray(symbols, alphabet: alphabet)
            for position in symbols.indices { #expect(array[position] == Int(symbols[position])) }
            for width in [0, 1, 2, 23, 24, 25, size] {
                let low = Int.random(in: 0...max(0, size - width), using: &random)
                let range = low..<min(size, low + width)
                let expected = naive.counts(in: range)
                let found = array.distinct(in: range, alphabet: alphabet)
                #expect(found.map { Int32($0.symbol) } == expected.keys.sorted())
                #expect(found.allSatisfy { expected[Int32($0.symbol)] == $0.count })
            }
        }
    }

    private func makeArray(_ symbols: [Int32], alphabet: Int) throws -> SymbolArray {
        let size = SymbolArray.symbolBytes(forLargest: alphabet - 1)
        let bytes: [UInt8] = symbols.flatMap { symbol in
            withUnsafeBytes(of: UInt32(symbol).littleEndian) { Array($0.prefix(size)) }
        }
        return try #require(SymbolArray(bytes: FrozenArray(bytes), count: symbols.count, symbolBytes: size))
    }

    private typealias Batch = (
        UnsafeBufferPointer<UInt32>, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>
    ) -> Void

    /// Ranks one by one and in a batch against the counts of a scan. A symbol that is not in a range
    /// may get any empty range.
    private func compareRanks(
        _ symbols: [Int32], alphabet: Int, one: (Int, Range<Int>) -> Range<Int>, batch: Batch
    ) throws {
        let naive = NaiveSequence(symbols)
        var random = SeededGenerator(seed: 6)
        var wanted: [UInt32] = []
        var ranges: [Range<Int>] = []
        for _ in 0..<37 where !symbols.isEmpty {
            let low = Int.random(in: 0...symbols.count, using: &random)
            let width = Int.random(in: 0...(Bool.random(using: &random) ? 20 : symbols.count), using: &random)
            ranges.append(low..<min(symbols.count, low + width))
            wanted.append(
                UInt32(
                    Bool.random(using: &random)
                        ? symbols[Int.random(in: symbols.indices, using: &random)]
                        : Int32.random(in: 0..<Int32(alphabet), using: &random)))
        }
        var low = ranges.map { UInt64($0.lowerBound) }
        var high = ranges.map { UInt64($0.upperBound) }
        wanted.withUnsafeBufferPointer { wanted in
            low.withUnsafeMutableBufferPointer { low in
                high.withUnsafeMutableBufferPointer { high in
                    guard let low = low.baseAddress, let high = high.baseAddress else { return }
                    batch(wanted, low, high)
                }
            }
        }
        for (index, range) in ranges.enumerated() {
            let symbol = Int32(wanted[index])
            let expected = naive.rank(symbol, range.lowerBound)..<naive.rank(symbol, range.upperBound)
            let found = one(Int(symbol), range)
            #expect(expected.isEmpty ? found.isEmpty : found == expected)
            #expect(low[index] <= high[index])
            #expect(Int(low[index])..<Int(max(low[index], high[index])) == found)
        }
    }

    @Test func topOfManyEqualCounts() {
        // Wider than the kernel's first heap: every symbol occurs once.
        var symbols = (0..<Int32(5000)).reversed().map { $0 }
        let matrix = symbols.withUnsafeMutableBufferPointer {
            WaveletMatrix(consuming: $0, alphabetSize: 5000)
        }
        #expect(matrix.top(3, in: 0..<5000).map(\.symbol) == [0, 1, 2])
        #expect(matrix.top(5000, in: 0..<5000).map(\.symbol) == Array(0..<5000))
    }
}
