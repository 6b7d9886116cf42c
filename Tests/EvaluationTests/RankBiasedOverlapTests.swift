import Evaluation
import Foundation
import Memory
import Testing

@Suite struct RankBiasedOverlapTests {
    /// The definition itself: (1 − p) Σ p^(d−1) X_d/d, far enough that the rest is nothing.
    private func series(_ first: [Int], _ second: [Int], _ p: Double) -> Double {
        // A common item is in the overlap from the deeper of its two ranks on.
        let ranks = Dictionary(uniqueKeysWithValues: zip(second, second.indices))
        var entering = [Int](repeating: 0, count: max(first.count, second.count))
        for (rank, item) in first.enumerated() {
            if let other = ranks[item] { entering[max(rank, other)] += 1 }
        }
        var (sum, overlap) = (0.0, 0)
        for (place, count) in entering.enumerated() {
            overlap += count
            sum += pow(p, Double(place)) * Double(overlap) / Double(place + 1)
        }
        return (1 - p) * sum
    }

    /// Both rankings go on for long with items that only they have.
    private func least(_ first: [Int], _ second: [Int], _ p: Double) -> Double {
        series(first + (0..<700).map { 10_000 + $0 }, second + (0..<700).map { 20_000 + $0 }, p)
    }

    /// Both go on with what the other has first, and then with the same.
    private func greatest(_ first: [Int], _ second: [Int], _ p: Double) -> Double {
        let (ofFirst, ofSecond) = (first.filter { !second.contains($0) }, second.filter { !first.contains($0) })
        var (long, short) = first.count >= second.count ? (first, second) : (second, first)
        let (missingInShort, missingInLong) = first.count >= second.count ? (ofFirst, ofSecond) : (ofSecond, ofFirst)
        // Up to the end of the longer, the shorter takes what the longer has there already or soon will have.
        short += missingInShort
        long += missingInLong
        #expect(Set(long) == Set(short))
        let rest = (0..<700).map { 30_000 + $0 }
        return series(long + rest, short + rest, p)
    }

    /// The agreement behind the end of a ranking as the paper extrapolates it, summed term by term.
    private func extrapolated(_ first: [Int], _ second: [Int], _ p: Double) -> Double {
        let (short, long) = (min(first.count, second.count), max(first.count, second.count))
        func overlap(_ depth: Int) -> Double {
            Double(Set(first.prefix(depth)).intersection(second.prefix(depth)).count)
        }
        func agreement(_ depth: Int) -> Double {
            let beyond = Double(max(0, depth - short))
            return (overlap(depth) + overlap(short) / Double(short) * beyond) / Double(depth)
        }
        let agreements = (1...long).map(agreement)
        return (1...700).reduce(0.0) { sum, depth in
            sum + (1 - p) * pow(p, Double(depth - 1)) * agreements[min(depth, long) - 1]
        }
    }

    @Test("Exact values") func exact() {
        #expect(abs(RankBiasedOverlap([1, 2, 3], [3, 2, 1]).extrapolated - 0.855) < 1e-12)
        let long = Array(0..<40)
        for short in [1, 2, 10, 39, 40] {
            for p in [0.5, 0.9, 0.98] {
                let overlap = RankBiasedOverlap(Array(long.prefix(short)), long, persistence: p)
                #expect(abs(overlap.extrapolated - 1) < 1e-12)
                #expect(abs(overlap.minimum + overlap.residual - 1) < 1e-9)
            }
        }
        #expect(RankBiasedOverlap([1, 2], [3, 4]).extrapolated == 0)
        #expect(abs(RankBiasedOverlap.weight(ofFirst: 10, persistence: 0.9) - 0.8556) < 5e-5)
        #expect(RankBiasedOverlap.weight(ofFirst: 0, persistence: 0.9) == 0)
    }

    @Test("Empty rankings") func empty() {
        for (first, second) in [([], []), ([], [1, 2]), ([1], [])] as [([Int], [Int])] {
            let overlap = RankBiasedOverlap(first, second)
            #expect(overlap.extrapolated == 0 && overlap.minimum == 0 && overlap.common == 0)
            #expect(abs(overlap.residual - 1) < 1e-12)
        }
    }

    @Test("The weight of the first places is what agreement in them alone gives") func weight() {
        for p in [0.5, 0.8, 0.9, 0.95] {
            for count in [1, 2, 5, 10, 50] {
                // The overlap of the first places stays while the rest disagrees.
                let shared = Array(0..<count)
                let expected = least(shared, shared, p)
                #expect(abs(RankBiasedOverlap.weight(ofFirst: count, persistence: p) - expected) < 1e-9)
                #expect(abs(RankBiasedOverlap(shared, shared, persistence: p).minimum - expected) < 1e-9)
            }
        }
    }

    @Test("Bounds and extrapolation are those of the definition", arguments: [0.5, 0.8, 0.9, 0.95]) func literal(
        p: Double
    ) {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<60 {
            let pool = Array(0..<(8 + round % 13)).shuffled(using: &generator)
            let other = Array(0..<(8 + round % 13)).map { $0 + round % 4 }.shuffled(using: &generator)
            let first = Array(pool.prefix(1 + Int(generator.next() % 8)))
            let second = Array(other.prefix(1 + Int(generator.next() % 8)))
            let overlap = RankBiasedOverlap(first, second, persistence: p)
            let low = least(first, second, p)
            #expect(abs(overlap.minimum - low) < 1e-9)
            #expect(abs(overlap.residual - (greatest(first, second, p) - low)) < 1e-9, "\(first) \(second)")
            #expect(abs(overlap.extrapolated - extrapolated(first, second, p)) < 1e-9)
            #expect(overlap.common == Set(first).intersection(second).count)
            let turned = RankBiasedOverlap(second, first, persistence: p)
            #expect(abs(turned.extrapolated - overlap.extrapolated) < 1e-12)
        }
    }
}
