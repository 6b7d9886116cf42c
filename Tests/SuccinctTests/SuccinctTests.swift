import Memory
import Succinct
import TestSupport
import Testing

@Suite struct SuffixArrayTests {
    @Test(arguments: [1, 2, 3, 5, 31, 200])
    func matchesNaiveSort(alphabet: Int32) {
        var random = SeededGenerator(seed: UInt64(alphabet))
        for size in boundarySizes {
            let text = (0..<size).map { _ in Int32.random(in: 1...alphabet, using: &random) } + [0]
            #expect(
                SuffixArray.sorted(text, alphabetSize: Int(alphabet) + 1) == NaiveSequence.suffixArray(text),
                "alphabet \(alphabet), size \(size)")
        }
    }

    @Test func repetitiveTexts() {
        // Periodic texts drive the recursion deep: many equal LMS substrings.
        for period in 1...7 {
            for repeats in [1, 2, 9, 40] {
                let unit = (0..<period).map { Int32(($0 * 5) % 3 + 1) }
                let text = Array(repeatElement(unit, count: repeats).joined()) + [0]
                #expect(SuffixArray.sorted(text, alphabetSize: 4) == NaiveSequence.suffixArray(text))
            }
        }
    }

    @Test func everyShortText() {
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
                let sorted = SuffixArray.sorted(text, alphabetSize: 4)
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

@Suite struct WaveletMatrixTests {
    @Test(arguments: [1, 2, 3, 4, 5, 17, 64, 300, 70_000])
    func matchesNaive(alphabet: Int32) throws {
        var random = SeededGenerator(seed: UInt64(alphabet))
        for size in boundarySizes {
            // A product of two draws gives the skewed counts of text.
            let symbols = (0..<size).map { _ in
                Int32.random(in: 0..<alphabet, using: &random)
                    * Int32.random(in: 0...1, using: &random)
            }
            let naive = NaiveSequence(symbols)
            var consumed = symbols
            let matrix = consumed.withUnsafeMutableBufferPointer {
                WaveletMatrix(consuming: $0, alphabetSize: Int(alphabet))
            }
            #expect(matrix.count == size)
            for _ in 0..<12 where size > 0 {
                let low = Int.random(in: 0...size, using: &random)
                let high = Int.random(in: low...size, using: &random)
                let symbol = Bool.random(using: &random)
                    ? symbols[Int.random(in: 0..<size, using: &random)]
                    : Int32.random(in: 0..<alphabet, using: &random)
                #expect(
                    matrix.ranks(of: symbol, in: low..<high)
                        == naive.rank(symbol, low)..<naive.rank(symbol, high))
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
                #expect(symbol == symbols[position])
                #expect(rank == naive.rank(symbol, position))
            }
            let wrapped = try #require(
                WaveletMatrix(
                    blocks: matrix.blocks, zeros: matrix.zeros, count: size, levels: matrix.levels))
            #expect(wrapped.distinct(in: 0..<size) == matrix.distinct(in: 0..<size))
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
