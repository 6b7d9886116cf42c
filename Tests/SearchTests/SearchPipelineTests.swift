import Memory
import Search
import Testing

@Suite struct SearchPipelineTests {
    private let ngram = TableRetriever(list: list("ngram", [0.9, 0.5, 0.1]), needs: .states)
    private let dense = TableRetriever(list: list("dense", [0.1, 0.2, 0.9]), needs: .vector)

    @Test("Lists, fusion and reranking, one after the other") func run() throws {
        var pipeline = SearchPipeline(retrievers: [ngram, dense], fusion: .uniform(["ngram", "dense"]))
        #expect(pipeline.needs == [.vector, .states])
        let plain = try pipeline.run(Query("bread"))
        #expect(plain.lists.map(\.retriever) == ["ngram", "dense"] && plain.lists.allSatisfy { $0.seconds >= 0 })
        #expect(plain.candidates.map(\.passage.place) == [0, 2, 1] && plain.rerankedCount == 0)
        pipeline.stages = [RerankStage([(TableReranker("table", [-2, -1, -3]), 1)], depth: 3)]
        let reranked = try pipeline.run(Query("bread"))
        #expect(reranked.rerankedCount == 3)
        let best = try #require(reranked.candidates.max { $0.score < $1.score })
        #expect(best.passage.place == 1 && abs(best.score - 0.7) < 1e-6)
    }

    @Test("A second stage scores what the first one put in front") func stages() throws {
        let first = TableReranker("first", [-2, -1, -3])
        let second = TableReranker("second", [0, 0, 0])
        let pipeline = SearchPipeline(
            retrievers: [ngram, dense], fusion: .uniform(["ngram", "dense"]),
            stages: [RerankStage([(first, 1)], depth: 3), RerankStage([(second, 1)], depth: 1)])
        let outcome = try pipeline.run(Query("bread"))
        #expect(outcome.candidates.filter { $0.rerank?.scores?["second"] != nil }.map(\.passage.place) == [1])
    }

    @Test("Retrievers give as many as asked for") func depth() throws {
        let pipeline = SearchPipeline(retrievers: [ngram, dense], fusion: .uniform(["ngram", "dense"]), depth: 1)
        let outcome = try pipeline.run(Query("bread"))
        #expect(outcome.lists.map(\.passages.count) == [1, 1] && outcome.candidates.count == 2)
    }

    @Test("A cancellation ends it") func cancellation() {
        let pipeline = SearchPipeline(retrievers: [ngram], fusion: .uniform(["ngram"]))
        #expect(throws: Cancelled.self) { try pipeline.run(Query("bread", cancellation: Cancellation { true })) }
    }

    @Test("What components make of a query is made once, and again where it is not right") func memo() {
        let query = Query("bread")
        var made = 0
        func value(where isRight: (Int) -> Bool = { _ in true }) -> Int {
            query.memo.value(where: isRight) {
                made += 1
                return made
            }
        }
        #expect(value() == 1 && value() == 1)
        #expect(value { $0 == 2 } == 2 && value() == 2)
        // A copy of the query shares it.
        let copy = query
        #expect(copy.memo.value { 9 } == 2)
    }
}
