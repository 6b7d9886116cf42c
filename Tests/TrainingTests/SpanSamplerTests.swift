import Memory
import Testing
import Training

@Suite struct SpanSamplerTests {
    /// Tokens 0 to 99; those from 90 on continue a word.
    private let startsWord = (0..<100).map { $0 < 90 }

    @Test("Starts are shares of words' first tokens, and lie at what query and passage share") func shares() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            let passages = TokenLists(
                (0..<30).map { _ in
                    (0..<Int.random(in: 1...80, using: &random)).map { _ in Int32.random(in: 5..<100, using: &random) }
                })
            let sampler = SpanSampler(passages: passages, startsWord: startsWord, length: 6)
            let passage = passages[Int.random(in: 0..<30, using: &random)]
            let query = [Int32.random(in: 5..<100, using: &random)]
            let starts = sampler.starts(query: query[...], passage: passage)
            #expect(starts.count == passage.count)
            #expect(abs(starts.reduce(0, +) - 1) < 1e-4)
            if passage.contains(where: { startsWord[Int($0)] }) {
                for (token, share) in zip(passage, starts) { #expect((share > 0) == startsWord[Int(token)]) }
            }
        }
    }

    @Test("A rare shared token draws spans to itself, a frequent one does not") func overlap() throws {
        // 7 stands once in the corpus, 5 everywhere.
        let common = [[Int32]](repeating: [Int32](repeating: 5, count: 40) + Array(10..<50), count: 40)
        var passage = [Int32](repeating: 5, count: 20) + Array(20..<60)
        passage[40] = 7
        let sampler = SpanSampler(passages: TokenLists(common + [passage]), startsWord: startsWord, length: 6)
        let starts = sampler.starts(query: [5, 7], passage: passage[...])
        let near = starts[35...40].reduce(0, +)
        #expect(near > 0.5)
        #expect(starts[0] < starts[38] / 10)
        // Beside the overlap a span is likelier than far from it.
        #expect(starts[42] > 2 * starts[10])
    }

    @Test("Drawing follows the shares") func picks() {
        var random = SeededGenerator(seed: 5)
        let starts: [Float] = [0, 0.25, 0, 0.75, 0]
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<4_000 { counts[SpanSampler.pick(starts, random.unit())] += 1 }
        #expect(counts[0] + counts[2] + counts[4] == 0)
        #expect((850...1150).contains(counts[1]))
        #expect(SpanSampler.pick(starts, 1) == 3)
    }
}
