import Decoding
import TestSupport
import Testing

@Suite struct StopSetTests {
    /// The literal rule.
    private func isAllowed(
        _ sequence: [Int32], _ vocabulary: Int, _ never: Set<Int32>, _ ends: Set<Int32>, _ patterns: [[Int32]]
    ) -> Bool {
        sequence.allSatisfy { $0 >= 0 && $0 < vocabulary && !never.contains($0) }
            && !sequence.dropLast().contains(where: ends.contains)
            && !patterns.contains { pattern in
                !pattern.isEmpty && pattern.count <= sequence.count
                    && (0...sequence.count - pattern.count).contains {
                        sequence[$0..<$0 + pattern.count].elementsEqual(pattern)
                    }
            }
    }

    @Test("Random patterns over small alphabets beside the literal rule") func naive() {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let vocabulary = Int.random(in: 1...4, using: &random)
            let pool = Int32(0)..<Int32(vocabulary) + 1
            let patterns = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in Int32.random(in: pool, using: &random) }
            }
            let never = Set(
                (0..<Int.random(in: 0...1, using: &random)).map { _ in
                    Int32.random(in: pool, using: &random)
                })
            let ends = Set(
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    Int32.random(in: pool, using: &random)
                })
            let rule = StopSet(vocabularySize: vocabulary, never: never, ends: ends, patterns: patterns)
            for _ in 0..<20 {
                var sequence: [Int32] = []
                var state: StopSet.State? = rule.initialState
                for _ in 0..<12 {
                    guard let here = state else { break }
                    #expect(rule.isComplete(here) == (sequence.last.map(ends.contains) ?? false))
                    let expected = (Int32(-1)...Int32(vocabulary) + 1).filter {
                        isAllowed(sequence + [$0], vocabulary, never, ends, patterns)
                    }
                    var tokens: [Int32] = []
                    rule.forEachAllowed(in: here) { token, next in
                        tokens.append(token)
                        #expect(rule.advance(here, by: token) == next)
                    }
                    #expect(tokens == expected)
                    #expect(rule.branching(of: here) >= tokens.count)
                    for token in Int32(-1)...Int32(vocabulary) + 1 {
                        #expect((rule.advance(here, by: token) != nil) == expected.contains(token))
                    }
                    sequence.append(tokens.randomElement(using: &random) ?? 0)
                    state = rule.advance(here, by: sequence.last!)
                }
            }
        }
    }

    @Test func patternsInsidePatterns() {
        let rule = StopSet(vocabularySize: 10, patterns: [[1, 2, 3, 4], [2, 3], [3]])
        #expect(rule.never == [3])
        #expect(rule.advance(rule.initialState, by: 3) == nil)
        let nested = StopSet(vocabularySize: 10, patterns: [[1, 2, 3, 4], [2, 3, 5], [3, 6]])
        var state = nested.initialState
        for token: Int32 in [1, 2, 3] { state = nested.advance(state, by: token)! }
        #expect((0..<10).filter { nested.advance(state, by: $0) == nil } == [4, 5, 6])
    }

    @Test func extremes() {
        let rule = StopSet(vocabularySize: 0, patterns: [[.min, .max]])
        for token in [Int32.min, -1, 0, .max] { #expect(rule.advance(rule.initialState, by: token) == nil) }
        let large = StopSet(vocabularySize: Int(Int32.max), patterns: [[Int32.max - 1, Int32.max - 1]])
        let once = large.advance(large.initialState, by: .max - 1)!
        #expect(large.advance(once, by: .max - 1) == nil)
        #expect(large.advance(once, by: .max) == nil)
        #expect(large.advance(once, by: 0) == large.initialState)
    }
}
