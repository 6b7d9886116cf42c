import Engine
import IndexStore
import SampleIndexes
import Search
import TestSupport
import Testing

/// Weights before, and after, something is known of an index.
@Suite struct FusionPriorTests {
    private let four: [ComponentID] = ["ngram", "docid", "dense", "bm25"]

    @Test("No query moves nothing; many of people's decide; cropped ones tell by what is unusual of them") func moved()
    {
        let prior = FusionPrior.weights
        #expect(abs(prior.values.reduce(0, +) - 1) < 1e-5)
        let said: [ComponentID: Float] = ["ngram": 0.7, "docid": 0.1, "dense": 0.1, "bm25": 0.1]
        #expect(FusionPrior.moved(by: said, queries: 0, areCropped: true) == prior)
        #expect(FusionPrior.moved(by: said, queries: 0, areCropped: false) == prior)
        let many = FusionPrior.moved(by: said, queries: 1_000_000, areCropped: false)
        for id in four { #expect(abs((many[id] ?? 0) - (said[id] ?? 0)) < 1e-3) }
        let half = FusionPrior.moved(by: said, queries: 100, areCropped: false)
        for id in four { #expect(abs((half[id] ?? 0) - ((said[id] ?? 0) + (prior[id] ?? 0)) / 2) < 1e-5) }
        // Twice the same distance from the prior, by as much as the weight differs, and never below zero.
        let less = FusionPrior.moved(
            by: ["ngram": 1, "docid": 0, "dense": 0, "bm25": 0], queries: 400, areCropped: true)
        #expect(less.values.allSatisfy { $0 >= 0 } && less["bm25"] == 0)
        #expect((less["ngram"] ?? 0) > (prior["ngram"] ?? 1))
    }

    @Test("It fits the search that it was fitted for") func fits() {
        #expect(FusionPrior.fits(four, using: [.lookAhead, "generator"]))
        #expect(!FusionPrior.fits(four, using: ["generator"]))
        #expect(!FusionPrior.fits(["ngram", "bm25"], using: [.lookAhead]))
        #expect(!FusionPrior.fits(four + ["mine"], using: [.lookAhead]))
    }

    @Test("An index without an estimate has it, and equal weights where docids lead to passages") func searches() throws
    {
        let folder = try TemporaryFolder()
        try TinySample.build(at: folder.path("index"), pseudoQueries: 0)
        let engine = try TinySample.open(folder.path("index"))
        func weights(_ options: SearchOptions) throws -> [ComponentID: Float?] {
            var request = SearchRequest("sourdough starter", hits: 1)
            (request.options, request.explain) = (options, .full)
            let parts = try #require(try engine.search(request).candidates.first?.explanation?.score.parts)
            return Dictionary(uniqueKeysWithValues: parts.filter { $0.name != .rerank }.map { ($0.name, $0.weight) })
        }
        #expect(try weights(SearchOptions()) == FusionPrior.weights.mapValues { $0 })
        var trees = SearchOptions()
        trees[DocidRetriever.self].docids = .tree
        #expect(try weights(trees) == FusionPrior.weights.mapValues { _ in 1 })
    }
}
