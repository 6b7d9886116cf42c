import Foundation
import Memory
import Search
import Testing

/// Feedback that sets the query's vector to the places and trusts of what it was given.
private struct EchoFeedback: Feedback {
    var id: ComponentID = "echo"
    var changes: QueryForms = .vector
    var depth = 2
    var readsRerankScores = false
    var isSilent = false

    func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)? {
        guard !isSilent, !passages.relevant.isEmpty || !passages.irrelevant.isEmpty else { return nil }
        let vector = passages.relevant.map { Float($0.passage.place) + $0.trust / 2 }
        return (query.changed { $0.vector = vector }, FeedbackReport(id, passages, similarity: 1))
    }
}

/// A retriever whose list is turned round where the query has another vector.
private struct TurningRetriever: Retriever {
    let list: RankedList
    var follows: QueryForms

    var id: ComponentID { list.retriever }

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        guard query.vector != [0] else { return list }
        var turned = list
        turned.passages = zip(list.passages, list.passages.reversed()).map { Scored($1.passage, score: $0.score) }
        return turned
    }
}

@Suite struct FeedbackStageTests {
    private let query = Query("bread", vector: [0])

    private func pipeline(_ stage: FeedbackStage?) -> SearchPipeline {
        let follows = TurningRetriever(list: list("dense", [0.9, 0.5, 0.1]), follows: .vector)
        let stays = TurningRetriever(list: list("bm25", [0.3, 0.2, 0.1]), follows: .terms)
        var pipeline = SearchPipeline(retrievers: [follows, stays], fusion: .uniform(["dense", "bm25"]))
        pipeline.feedback = stage
        return pipeline
    }

    private func places(_ list: RankedList) -> [Int] { list.passages.map(\.passage.place) }

    @Test("Only retrievers that read what was changed are asked again, and lists are fused once") func again() throws {
        let outcome = try pipeline(FeedbackStage([EchoFeedback()])).run(query)
        #expect(places(outcome.lists[0]) == [2, 1, 0] && places(outcome.lists[1]) == [0, 1, 2])
        #expect(outcome.feedback.map(\.method) == ["echo"])
        #expect(outcome.feedback[0].relevant.map(\.place) == [0, 1])
        let scores = Dictionary(uniqueKeysWithValues: outcome.candidates.map { ($0.passage.place, $0.score) })
        #expect(abs((scores[2] ?? 0) - 1) < 1e-6 && abs((scores[0] ?? 0) - 0.4) < 1e-6)
    }

    @Test("Feedback that says nothing, and a search that finds nothing, leave the answer as it was") func silent()
        throws
    {
        let plain = try pipeline(nil).run(query)
        let silent = try pipeline(FeedbackStage([EchoFeedback(isSilent: true)])).run(query)
        #expect(silent.feedback.isEmpty && silent.candidates.map(\.score) == plain.candidates.map(\.score))
        var empty = pipeline(FeedbackStage([EchoFeedback()]))
        empty.retrievers = [TurningRetriever(list: list("dense", [(Int, Float)]()), follows: .vector)]
        let outcome = try empty.run(query)
        #expect(outcome.candidates.isEmpty && outcome.feedback.isEmpty)
    }

    @Test(
        "Trust is the logistic of a reranker's scores in standard deviations; rerankers get the query as it was asked")
    func trust() throws {
        let scores: [Float] = [3, -1, 1]
        let reranking = RerankStage([(TableReranker("table", scores), 1)], depth: 3)
        var filtered = pipeline(FeedbackStage([EchoFeedback(depth: 3)], reranking: reranking, isFiltered: true))
        let recorder = VectorRecorder()
        filtered.stages = [RerankStage([(recorder, 1)], depth: 3)]
        filtered.retrievers.append(VectorEcho())
        let outcome = try filtered.run(query)
        let deviation = (8.0 / 3).squareRoot()
        let expected = [2, -2, 0].enumerated().map { Float($0) + Float(1 / (1 + exp(-$1 / deviation))) / 2 }
        let seen = try #require(outcome.lists.last?.passages.map(\.score))
        #expect(zip(seen, expected.sorted(by: >)).allSatisfy { abs($0 - $1) < 1e-5 } && seen.count == 3)
        #expect(outcome.candidates.contains { $0.rerank?.scores?["recorder"] == 0 })
    }

    @Test("What a person judges needs no first search; all of it is given") func judged() throws {
        let judged = FeedbackPassages(
            relevant: [2, 1, 0].map { FeedbackPassage(PassageIndex($0), score: 1) }, irrelevant: [PassageIndex(9)])
        let outcome = try pipeline(FeedbackStage([EchoFeedback(depth: 1)], judged: judged)).run(query)
        #expect(outcome.feedback[0].relevant.map(\.place) == [2, 1, 0])
        #expect(outcome.feedback[0].irrelevant.map(\.place) == [9])
        #expect(places(outcome.lists[0]) == [2, 1, 0] && places(outcome.lists[1]) == [0, 1, 2])
    }

    @Test("A pipeline needs what its feedback needs") func needs() {
        struct Needy: Feedback {
            let id: ComponentID = "needy"
            let changes: QueryForms = .vector
            let needs: QueryNeeds = .states
            let depth = 1
            func change(_ query: Query, by passages: FeedbackPassages) -> (query: Query, report: FeedbackReport)? {
                nil
            }
        }
        #expect(pipeline(nil).needs == [] && pipeline(FeedbackStage([Needy()])).needs == .states)
    }

    @Test("What was made of a query is not kept for one that was changed") func memo() {
        _ = query.memo.value { 7 }
        let changed = query.changed { $0.vector = [1] }
        #expect(changed.memo.value { 8 } == 8 && query.memo.value { 9 } == 7)
        #expect(query.vector == [0] && changed.vector == [1] && changed.text == "bread")
    }
}

/// A list with the components of the query's vector as scores.
private struct VectorEcho: Retriever {
    let id: ComponentID = "echo-list"
    let follows: QueryForms = .vector

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        list(id, query.vector ?? [])
    }
}

/// Scores every passage by the first component of the query's vector.
private struct VectorRecorder: Reranker {
    let id: ComponentID = "recorder"

    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        candidates.map { _ in query.vector?.first ?? -1 }
    }
}
