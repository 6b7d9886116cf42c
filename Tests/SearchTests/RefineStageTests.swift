import Search
import Synchronization
import Testing

/// Knows better scores of some passages.
private struct TableRefiner: ScoreRefiner {
    let better: [Int: Float]

    func scores(of passages: [PassageIndex], for query: Query) -> [Float?] { passages.map { better[$0.place] } }

    func evidence(refined: Set<PassageIndex>) -> (any Evidence)? { Told(refined: refined) }

    struct Told: Evidence {
        var refined: Set<PassageIndex> = []
        var name: String { "vector" }
        func details(of passages: [PassageIndex]) -> [JSONTree?] { passages.map { .bool(refined.contains($0)) } }
    }
}

@Suite struct RefineStageTests {
    private func pipeline(_ better: [Int: Float], depth: Int, weights: [ComponentID: Float]) -> SearchPipeline {
        var near = list("dense", [(0, 0.9), (1, 0.6), (2, 0.5)]) { $0.place == 3 ? 0.4 : 0.1 }
        near.evidence = TableRefiner.Told()
        let words = list("bm25", [(3, 1), (2, 0.2)]) { _ in 0 }
        var pipeline = SearchPipeline(
            retrievers: [TableRetriever(list: near, isRefinable: true), TableRetriever(list: words)],
            fusion: Fusion(weights: weights))
        pipeline.refinement = RefineStage(TableRefiner(better: better), depth: depth)
        return pipeline
    }

    @Test("The best of the fusion get better scores, in their list and below its end") func refines() throws {
        let pipeline = pipeline([0: 0.2, 3: 0.8, 1: 0.99], depth: 2, weights: ["dense": 1, "bm25": 1])
        let outcome = try pipeline.run(Query("bread"))
        // Fused 3 (1.4) and 0 (0.9) are the best two; 1 is not looked at.
        #expect(outcome.refinedCount == 2)
        func score(_ place: Int) -> Float? { outcome.candidates.first { $0.passage.place == place }?.score }
        #expect(outcome.lists[1].passages.map(\.score) == [1, 0.2])
        // The others keep their order, below the best.
        #expect(outcome.candidates.map(\.passage.place) == [3, 0, 2, 1])
        #expect(abs((score(3) ?? 0) - 1.8) < 1e-6 && abs((score(0) ?? 0) - 0.2) < 1e-6)
        #expect(abs((score(2) ?? 0) - 0.2) < 1e-3 && abs((score(2) ?? 0) - (score(1) ?? 0) - 0.1) < 1e-5)
        let dense = try #require(outcome.candidates.last?.parts.first)
        #expect(dense.score == outcome.lists[0].passages.first { $0.id.place == 1 }?.score)
        let told = try outcome.lists[0].evidence?.details(of: [PassageIndex(0), PassageIndex(1)])
        #expect(told == [.bool(true), .bool(false)])
    }

    @Test("Nothing is done where it changes nothing") func idle() throws {
        #expect(try pipeline([0: 0.2], depth: 4, weights: ["bm25": 1]).run(Query("bread")).refinedCount == 0)
        #expect(try pipeline([:], depth: 4, weights: ["dense": 1]).run(Query("bread")).refinedCount == 0)
        #expect(try pipeline([0: 0.2], depth: 0, weights: ["dense": 1]).run(Query("bread")).refinedCount == 0)
        var alone = pipeline([0: 0.2], depth: 1, weights: [:])
        alone.retrievers.removeLast()
        #expect(try alone.run(Query("bread")).candidates.map(\.passage.place) == [0, 1, 2])
    }
}
