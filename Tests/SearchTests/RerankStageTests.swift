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
