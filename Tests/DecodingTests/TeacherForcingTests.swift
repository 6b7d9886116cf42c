import Decoding
import TestSupport
import Testing

@Suite struct TeacherForcingTests {
    @Test("A list beside sums by definition", arguments: [0, 1, 2, 40, 255, 256, 257, 3000])
    func list(count: Int) {
        for seed in UInt64(0)..<4 {
            var random = SeededGenerator(seed: seed)
            // Token 9 is impossible; most prefixes of 3000 sequences are distinct.
            let model = TableModel(vocabulary: 9, seed: seed, isSparse: seed % 2 == 0)
            let list = (0..<count).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in Int32.random(in: 0..<10, using: &random) }
            }
            for start in [[], [4, 2]] as [[Int32]] {
                let expected = list.map { sequence in
                    sequence.indices.reduce(Float(0)) { sum, place in
                        let token = sequence[place]
                        return sum
                            + (token < 9 ? model.logProb(start + sequence[..<place], token) : -.infinity)
                    }
                }
                #expect(model.logProbs(of: list, from: start) == expected)
                if start.isEmpty { #expect(model.logProbs(of: list) == expected) }
                // Sums only fall, so what ends above the minimum was never below.
                let above = expected.map { $0 > -1.5 || $0 == 0 ? $0 : -.infinity }
                #expect(model.logProbs(of: list, from: start, minimum: -1.5) == above)
            }
        }
    }
}
