import Memory
import Search
import Synchronization
import TestSupport
import Testing

@Suite struct RerankStageTests {
    private func candidates(_ scores: [Float]) -> [Candidate] {
        Fusion(weights: ["bm25": 1]).fuse([list("bm25", scores)])
    }

    @Test("The formula, for scored candidates and those below") func formula() throws {
        var random = SeededGenerator(seed: 4)
        for count in [0, 1, 2, 5, 20, 50] {
            let scores = (0..<count).map { _ in Float.random(in: 0...1, using: &random) }.sorted(by: >)
            for depth in [0, 1, 3, 20, 40] where depth <= count {
                let likelihood = (0..<count).map { _ in Float.random(in: -6 ... -1, using: &random) }
                let interaction = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
                let values = (0..<depth).map { 0.3 * likelihood[$0] + 0.7 * interaction[$0] }
                var found = candidates(scores)
                let stage = RerankStage(
                    [(TableReranker("likelihood", likelihood), 0.3), (TableReranker("interaction", interaction), 0.7)],
                    depth: depth)
                #expect(try stage.apply(to: &found, for: Query("bread")) == depth)
                for (place, candidate) in found.enumerated() {
                    let own = place < depth ? values[place] : values.min() ?? 0
                    let expected = scores[place] + own - (values.max() ?? 0)
                    #expect(abs(candidate.score - expected) < 1e-5)
                    let said = candidate.rerank?.scores
                    #expect(said?["likelihood"] == (place < depth ? likelihood[place] : nil))
                    #expect(said?["interaction"] == (place < depth ? interaction[place] : nil))
                    #expect(abs(scores[place] + (candidate.rerank?.contribution ?? .nan) - candidate.score) < 1e-6)
                    // What was not scored stays below what was.
                    for scored in found.prefix(depth) where place >= depth { #expect(candidate.score <= scored.score) }
                }
            }
        }
    }

    @Test("Where rerankers decide alone, the order is theirs, and the others stay below") func alone() throws {
        var random = SeededGenerator(seed: 9)
        for count in [0, 1, 2, 5, 20, 50] {
            // Equal scores, too.
            let scores = (0..<count).map { _ in Float(Int.random(in: 0...4, using: &random)) }.sorted(by: >)
            for depth in [1, 3, 40] {
                let values = (0..<count).map { _ in Float(Int.random(in: -5...5, using: &random)) }
                var found = candidates(scores)
                let stage = RerankStage([(TableReranker("a", values), 1)], depth: depth, decidesAlone: true)
                let scored = try stage.apply(to: &found, for: Query("bread"))
                #expect(scored == min(depth, count))
                for first in found.prefix(scored) {
                    for second in found.prefix(scored) {
                        let (own, other) = (values[Int(first.passage.rawValue)], values[Int(second.passage.rawValue)])
                        #expect((own > other) == (first.score > second.score))
                    }
                    #expect(found.dropFirst(scored).allSatisfy { $0.score < first.score })
                }
                for (before, after) in zip(candidates(scores), found) {
                    #expect(abs(before.score + (after.rerank?.contribution ?? .nan) - after.score) < 1e-5)
                }
                let rest = found.dropFirst(scored).map(\.score)
                #expect(rest == rest.sorted(by: >))
            }
        }
    }

    /// A reranker that notes how many candidates it is shown at once.
    private final class Counting: Reranker {
        let id: ComponentID = "counting"
        let comparesCandidates: Bool
        let shown = Mutex<[Int]>([])

        init(comparesCandidates: Bool) { self.comparesCandidates = comparesCandidates }

        func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
            shown.withLock { $0.append(candidates.count) }
            return candidates.map { _ in 0 }
        }
    }

    @Test("What compares candidates sees all of them at once") func atOnce() throws {
        for compares in [true, false] {
            let counting = Counting(comparesCandidates: compares)
            var found = candidates((0..<50).map { 1 - Float($0) / 100 })
            _ = try RerankStage([(counting, 1)], depth: 40).apply(to: &found, for: Query("bread"))
            let shown = counting.shown.withLock { $0 }
            #expect(shown.reduce(0, +) == 40 && (shown.count == 1) == compares)
        }
    }

    @Test("A second stage adds to what the first one said") func stages() throws {
        var found = candidates([0.9, 0.5, 0.1])
        let before = found.map(\.score)
        _ = try RerankStage([(TableReranker("a", [1, 2, 3]), 1)], depth: 3).apply(to: &found, for: Query("bread"))
        _ = try RerankStage([(TableReranker("b", [3, 2, 1]), 1)], depth: 2).apply(to: &found, for: Query("bread"))
        #expect(found.map { $0.rerank?.scores?.count } == [2, 2, 1])
        for (score, candidate) in zip(before, found) {
            #expect(abs(score + (candidate.rerank?.contribution ?? .nan) - candidate.score) < 1e-5)
        }
    }

    @Test("A reranker that weighs nothing is not run") func weightless() throws {
        let stage = RerankStage([(TableReranker("a", [1]), 0), (TableReranker("b", [1]), 1)], depth: 5)
        #expect(stage.rerankers.map(\.reranker.id) == ["b"])
    }

    @Test("A cancellation is heard between batches") func cancellation() {
        let asked = Mutex(0)
        let cancellation = Cancellation {
            asked.withLock { asked in
                asked += 1
                return asked > 2
            }
        }
        var found = candidates((0..<60).map { 1 - Float($0) / 100 })
        let before = found.map(\.score)
        let stage = RerankStage([(TableReranker("a", []), 1)], depth: 60)
        #expect(throws: Cancelled.self) {
            try stage.apply(to: &found, for: Query("bread", cancellation: cancellation))
        }
        #expect(found.map(\.score) == before && found.allSatisfy { $0.rerank == nil })
    }
}
