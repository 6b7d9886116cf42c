import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

/// When an index changes queries by itself.
@Suite struct FeedbackEstimationTests {
    private func build(_ folder: TemporaryFolder) throws -> String {
        let place = folder.path("index")
        try TinySample.build(at: place)
        return place
    }

    private func reports(_ place: String, _ options: SearchOptions = SearchOptions()) throws -> [ComponentID] {
        try TinySample.open(place).rank("feeding a sourdough starter", options: options).feedback.map(\.method)
    }

    @Test("Methods are tried on cropped queries, and none is taken that does not help for sure") func cropped() throws {
        let folder = try TemporaryFolder()
        let place = try build(folder)
        let own = EstimationQueries(count: 40, threads: 2)
        let report = try FeedbackEstimation.update(place, own, models: TinySample.models)
        let baseline = try #require(report.baseline)
        #expect(report.queries > 20 && report.measure == "nDCG@10")
        let record = try #require(try TinySample.open(place).manifest.estimates.first { $0.id == .feedback })
        let value = try record.value.decoded(as: FeedbackEstimate.self)
        // What asks rerankers is not tried where nothing is reranked.
        let pairs: [[ComponentID]] = [
            ["rm3", "vector"], ["rm3", "vector-rocchio"], ["rocchio", "vector"], ["rocchio", "vector-rocchio"],
        ]
        #expect(value.trials.map(\.methods) == [["rm3"], ["rocchio"], ["vector"], ["vector-rocchio"]] + pairs)
        #expect(value.trials.allSatisfy { !$0.filter && (0...1).contains($0.p) })
        let helpful = value.trials.filter { $0.gain > 0 && $0.p < 0.05 / 8 }
        let best = helpful.max { $0.gain < $1.gain }
        #expect(value.methods == best?.methods ?? [] && !value.filter)
        #expect(abs(report.objective - baseline - (best?.gain ?? 0)) < 1e-9)
        #expect(FeedbackEstimation.description(of: value) == report.value)
        #expect(report.value.hasPrefix(best == nil ? "none of 8" : value.methods[0].name))
        #expect(try reports(place) == value.methods)
        // The same again on one thread.
        let again = try FeedbackEstimation.update(
            place, EstimationQueries(count: 40, threads: 1), models: TinySample.models)
        #expect(again.value == report.value && again.objective == report.objective)
    }

    @Test("An estimate is followed by searches that say nothing, as long as it is valid") func followed() throws {
        let folder = try TemporaryFolder()
        let place = try build(folder)
        #expect(try reports(place).isEmpty)
        let fusion = try #require(try TinySample.open(place).manifest.estimates.first { $0.id == .fusionWeights })
        var transaction = try IndexTransaction(URL(filePath: place))
        try transaction.record(
            Estimate(
                FeedbackEstimate(methods: ["rm3", "vector"], filter: false, trials: []),
                inputs: [EstimateInput(kind: .fusionWeights, sha256: fusion.sha256)], queries: 9, objective: 0.5,
                baseline: 0.4),
            as: .feedback)
        _ = try transaction.commit()
        #expect(try reports(place) == ["rm3", "vector"])
        var other = SearchOptions()
        other.feedback = FeedbackOptions.none
        #expect(try reports(place, other).isEmpty)
        // Only how deep is said: the methods are the index's.
        other.feedback = FeedbackOptions()
        other.feedback?.depth = 2
        #expect(try reports(place, other) == ["rm3", "vector"])
        // A search that is not the index's own in all else is answered as it was asked.
        #expect(try reports(place, SearchOptions("bm25", "dense")).isEmpty)
        other = SearchOptions()
        other.weights = ["bm25": 1]
        #expect(try reports(place, other).isEmpty)
        // Other weights of the fusion void it.
        _ = try FusionEstimation.update(place, EstimationQueries(count: 6), models: TinySample.models)
        let manifest = try TinySample.open(place).manifest
        let record = try #require(manifest.estimates.first { $0.id == .feedback })
        #expect(try manifest.isValid(record) || reports(place).isEmpty)
    }

    @Test("On the index's labelled queries the search is the index's whole, reranking included") func labelled() throws
    {
        let folder = try TemporaryFolder()
        let place = try build(folder)
        try TinySample.setGenerator(in: place)
        var options = SyntheticQueryBuilder.Options()
        (options.passages, options.perPassage) = (12, 1)
        _ = try SyntheticQueryBuilder.update(place, options: options, models: TinySample.models) {
            [try QueryGenerators.Name.title.make(for: $0)]
        }
        let report = try FeedbackEstimation.update(
            place, EstimationQueries(source: "title", count: 12), models: TinySample.models)
        let record = try #require(try TinySample.open(place).manifest.estimates.first { $0.id == .feedback })
        let trials = try record.value.decoded(as: FeedbackEstimate.self).trials
        // Five methods and four pairs; a generator without a head reranks nothing by itself.
        #expect(report.queries == 12 && [8, 17].contains(trials.count))
        #expect {
            try FeedbackEstimation.update(place, EstimationQueries(source: "nobody"), models: TinySample.models)
        } throws: { error in if case IndexingError.noQueries = error { true } else { false } }
    }
}
