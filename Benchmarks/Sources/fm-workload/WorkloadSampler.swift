import Foundation
import Memory
import Workloads

/// Takes the questions of a workload from a text.
struct WorkloadSampler {
    static let prefixLengths = [1, 2, 3, 6, 8, 9]
    static let questionCount = 2_000
    static let vectorCount = 32
    /// The deviation of a score from what the frequency of its token suggests.
    static let scoreNoise = 3.0

    private let text: TokenFile
    private var random: SeededGenerator

    init(text: TokenFile, seed: UInt64) {
        self.text = text
        random = SeededGenerator(seed: seed)
    }

    /// Nil for a text that has no prefix of some length.
    consuming func sample() -> FMWorkload? {
        let counts = tokenCounts()
        let passageCount = counts[Int(text.documentEnd)]
        var prefixes: [FMWorkload.Prefixes] = []
        for length in Self.prefixLengths {
            guard let tokens = samplePrefixes(length: length) else { return nil }
            prefixes.append(.init(length: length, tokens: tokens))
        }
        return FMWorkload(
            tokenCount: text.tokens.count, documentEnd: text.documentEnd, vocabulary: counts.count,
            prefixes: prefixes, rows: numbers(below: text.tokens.count),
            passages: numbers(below: passageCount), runPrefixes: 500, runRows: 64,
            search: .init(queries: 50, steps: 9, beams: 15, candidates: 30),
            scores: makeScores(counts: counts))
    }

    private func tokenCounts() -> [Int] {
        text.tokens.withUnsafeBuffer { tokens in
            var counts = [Int](repeating: 0, count: Int(tokens.max() ?? 0) + 1)
            for token in tokens { counts[Int(token)] += 1 }
            return counts
        }
    }

    /// Sequences at random places, so that frequent ones are frequent among them.
    private mutating func samplePrefixes(length: Int) -> FrozenArray<Int32>? {
        guard length < text.tokens.count else { return nil }
        var chosen: [Int32] = []
        var attempts = 0
        while chosen.count < Self.questionCount * length {
            attempts += 1
            guard attempts < 1_000 * Self.questionCount else { return nil }
            let start = Int.random(in: 0..<text.tokens.count - length, using: &random)
            let sequence = text.tokens.slice(start..<start + length).toArray()
            if !sequence.contains(text.documentEnd) { chosen += sequence }
        }
        return FrozenArray(chosen)
    }

    private mutating func numbers(below bound: Int) -> FrozenArray<Int32> {
        FrozenArray((0..<Self.questionCount).map { _ in Int32(Int.random(in: 0..<bound, using: &random)) })
    }

    /// The logarithm of a token's frequency, and noise: beams then visit frequent tokens as often
    /// as those of a trained model do.
    private mutating func makeScores(counts: [Int]) -> FrozenArray<Float> {
        let total = Double(text.tokens.count + counts.count)
        let frequencies = counts.map { log((Double($0) + 1) / total) }
        return FrozenArray(count: Self.vectorCount * counts.count) { scores in
            for index in scores.indices {
                let frequency = frequencies[index % counts.count]
                scores[index] = Float(frequency + Self.scoreNoise * random.gaussian())
            }
        }
    }
}
