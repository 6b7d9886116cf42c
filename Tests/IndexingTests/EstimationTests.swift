import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing
import Transformers

/// Estimates that are entered in an index, and when they count.
@Suite struct EstimationTests {
    private struct Place {
        let folder: TemporaryFolder
        let index: String

        init(segmentTokens: Int? = nil, hasGenerator: Bool = true) throws {
            folder = try TemporaryFolder()
            index = folder.path("index")
            try TinySample.build(at: index, segmentTokens: segmentTokens)
            if hasGenerator { try TinySample.setGenerator(in: index) }
        }

        func open() throws -> Engine { try TinySample.open(index) }

        func make(_ name: QueryGenerators.Name, passages: Int = 12) throws {
            var options = SyntheticQueryBuilder.Options()
            options.passages = passages
            options.perPassage = 1
            _ = try SyntheticQueryBuilder.update(index, options: options, models: TinySample.models) {
                [try name.make(for: $0)]
            }
        }

        func estimate<Estimation: IndexEstimation>(
            _ type: Estimation.Type, _ source: String? = nil, count: Int = 12, threads: Int = 2
        ) throws -> EstimationReport {
            try Estimation.update(
                index, EstimationQueries(source: source, count: count, threads: threads), models: TinySample.models)
        }

        /// Another generator than the tiny one: the same weights, which write no questions.
        func otherGenerator() throws -> URL {
            try TinySample.generator(
                URL(filePath: folder.path("other-generator")), replacing: "\"question\"", with: "\"other\"")
        }

        /// The weights that a search fuses with.
        func weights(_ options: SearchOptions = SearchOptions()) throws -> [ComponentID: Float] {
            try open().prepared(options).pipeline.fusion.weights
        }
    }

    /// Names what is so where nothing is estimated.
    private static let usual: KeyTuning = {
        var tuning = KeyTuning()
        for factor in KeyTuning.factors { tuning[keyPath: factor.tuned] = KeyIncrements.usual[keyPath: factor.usual] }
        return tuning
    }()

    private static let uniform: [ComponentID: Float] = ["ngram": 1, "docid": 1, "dense": 1, "bm25": 1]

    @Test("Constants are estimated, used, and give way to those of a search", arguments: [nil, 20_000])
    func keyConstants(segmentTokens: Int?) throws {
        let place = try Place(segmentTokens: segmentTokens)
        try place.make(.spans)
        let engine = try place.open()
        let report = try place.estimate(KeyConstantsEstimation.self, "spans")
        #expect(report.queries > 0 && report.objective >= (report.baseline ?? 1) && report.measure == "MRR@10")
        let tuned = try place.open()
        let used: Set<ComponentID> = [GeneratorPart.kind]
        let stored = tuned.reader.snapshot.estimate(.keyConstants, as: KeyTuning.self, using: used)
        let estimate = try #require(stored)
        #expect(estimate.queries == report.queries && estimate.objective == report.objective)
        #expect(KeyConstantsEstimation.description(of: estimate.value) == report.value)
        // With the usual constants named, what was estimated does not count.
        let text = try Sample.queries()[0].text
        var own = InstallTests.ngrams(.trained)
        own[NgramRetriever.self].tuning = Self.usual
        func scores(_ engine: Engine, _ options: SearchOptions) throws -> [Float] {
            try engine.rank(text, options: options).hits.map(\.score)
        }
        #expect(try scores(tuned, own) == scores(engine, InstallTests.ngrams(.trained)))
        if estimate.value != KeyTuning() {
            let after = try scores(tuned, InstallTests.ngrams(.trained))
            #expect(try after != scores(engine, InstallTests.ngrams(.trained)))
        }
        // With another generator they are void, and with the same one again they count.
        try TinySample.setGenerator(in: place.index, from: place.otherGenerator())
        let other = try place.open()
        #expect(other.reader.snapshot.estimate(.keyConstants, as: KeyTuning.self, using: used) == nil)
        #expect(other.manifest.estimates.contains { $0.id == .keyConstants })
        try TinySample.setGenerator(in: place.index)
        #expect(
            try place.open().reader.snapshot.estimate(.keyConstants, as: KeyTuning.self, using: used)?.value
                == estimate.value)
    }

    @Test("Weights of the fusion for searches with the generator, and without") func fusion() throws {
        let place = try Place(hasGenerator: false)
        let base = try place.weights()
        #expect(abs(base.values.reduce(0, +) - 1) < 1e-4)
        try TinySample.setGenerator(in: place.index)
        // Until there are some with the generator, those of the build are the best there are.
        #expect(try place.weights() == base)
        let names = try InstallTests.names(place.index)
        let report = try place.estimate(FusionEstimation.self, count: 4)
        #expect(report.queries == 4 && report.measure == "nDCG@10")
        #expect(try InstallTests.names(place.index) == names)
        let manifest = try place.open().manifest
        let records = manifest.estimates.filter { $0.id == .fusionWeights }
        #expect(records.count == 2 && records.allSatisfy { manifest.isValid($0) })
        let made = try place.weights()
        #expect(
            FusionEstimation.description(of: FusionEstimate(weights: made)) == report.value
                && abs(made.values.reduce(0, +) - 1) < 1e-4)
        var without = SearchOptions()
        without[NgramRetriever.self].generator = .untrained
        #expect(try place.weights(without) == base)

        // On queries that the index holds.
        #expect { try place.estimate(FusionEstimation.self, "title", count: 4) } throws: { error in
            if case IndexingError.noQueries(generator: "title", index: _, known: []) = error { true } else { false }
        }
        try place.make(.title)
        let first = try place.estimate(FusionEstimation.self, "title", count: 4)
        #expect(first.queries == 4)
        let again = try place.estimate(FusionEstimation.self, "title", count: 4, threads: 1)
        #expect(again.value == first.value)
        #expect(FusionEstimation.description(of: FusionEstimate(weights: try place.weights())) == again.value)
    }

    @Test("The look-ahead of docids of sentences is moved by an index's own queries, by as much as they are many")
    func lookAheadOfSentences() throws {
        let place = try Place(hasGenerator: false)
        try place.make(.title)
        let found = try place.estimate(LookAheadEstimation.self, "title", count: 20)
        #expect(found.queries > 0 && found.objective >= found.baseline ?? 1)
        let weight = try #require(
            IndexSnapshot.open(URL(filePath: place.index)).estimate(.lookAhead, as: Float.self, using: [])?.value)
        // n / (n + 100) of the way from 0.4 to one of 0, 0.1 ... 0.9.
        let best = 10 * (0.4 + Float(found.queries + 100) / Float(found.queries) * (weight - 0.4))
        #expect(abs(best - best.rounded()) < 1e-2 && (0...9).contains(best.rounded()))
        #expect(LookAheadEstimation.description(of: weight) == found.value)
    }

    @Test("Weights are void when what they were made with is gone, and count again when it is back")
    func voided() throws {
        let place = try Place(hasGenerator: false)
        let base = try place.weights()
        try TinySample.setGenerator(in: place.index)
        _ = try place.estimate(FusionEstimation.self, count: 4)
        let withGenerator = try place.weights()
        // Another generator: nothing is known of it.
        try TinySample.setGenerator(in: place.index, from: place.otherGenerator())
        #expect(try place.weights() == base)
        try TinySample.setGenerator(in: place.index)
        #expect(try place.weights() == withGenerator)
        #expect(try InstallableParts.remove(GeneratorPart.kind, from: URL(filePath: place.index)))
        #expect(try place.weights() == base)
        // Vectors of another encoder.
        let other = try TinySample.otherEncoder(URL(filePath: place.folder.path("other")))
        _ = try QueryEncoderPart.set(other, in: URL(filePath: place.index), models: TinySample.models)
        #expect(try place.weights() == FusionPrior.weights)
        _ = try place.estimate(FusionEstimation.self, count: 4)
        let withEncoder = try place.weights()
        #expect(withEncoder != FusionPrior.weights)
        #expect(try InstallableParts.remove(QueryEncoderPart.kind, from: URL(filePath: place.index)))
        #expect(try place.weights() == base)
    }

    @Test("Constants that come void the weights that were made without them") func constantsVoidWeights() throws {
        let place = try Place()
        _ = try place.estimate(FusionEstimation.self, count: 4)
        let made = try #require(
            try place.open().manifest.estimates.first { !$0.inputs.filter { $0.kind == "generator" }.isEmpty })
        #expect(made.inputs.contains(EstimateInput(kind: .keyConstants, sha256: nil)))
        try place.make(.spans)
        _ = try place.estimate(KeyConstantsEstimation.self, "spans")
        let manifest = try place.open().manifest
        #expect(manifest.estimates.contains(made) && !manifest.isValid(made))
        _ = try place.estimate(FusionEstimation.self, count: 4)
        let after = try place.open().manifest
        let best = try #require(after.estimate(.fusionWeights, using: ["generator", .keyConstants]))
        #expect(best.inputs.contains { $0.kind == .keyConstants && $0.sha256 != nil })
    }

    @Test("Weights of reranking are estimated on stored queries") func rerank() throws {
        let place = try Place()
        #expect { try place.estimate(RerankEstimation.self, "title") } throws: { error in
            if case IndexingError.noQueries(generator: "title", index: _, known: []) = error { true } else { false }
        }
        try place.make(.title, passages: 210)
        let report = try place.estimate(RerankEstimation.self, "title")
        #expect(report.queries == 12 && report.objective >= (report.baseline ?? 1))
        func stored() throws -> RerankEstimate? {
            let snapshot = try place.open().reader.snapshot
            let used = Set(snapshot.manifest.parts.map(\.kind)).union([.fusionWeights])
            return snapshot.estimate(.rerank, as: RerankEstimate.self, using: used)?.value
        }
        let first = try #require(try stored())
        #expect(RerankEstimation.description(of: first) == report.value)
        // What stands in the manifest does not touch the next estimate, on any number of threads.
        #expect(try place.estimate(RerankEstimation.self, "title", threads: 1).value == report.value)
        #expect(try stored() == first)
        // Another generator begins without.
        try TinySample.setGenerator(in: place.index, from: place.otherGenerator())
        #expect(try stored() == nil)
    }

    @Test("An interrupted estimation leaves the index as it was") func interruption() throws {
        let place = try Place()
        let before = try place.open().manifest
        let raised = WorkMonitor(cancellation: Cancellation { true })
        #expect(throws: Cancelled.self) {
            try FusionEstimation.update(
                place.index, EstimationQueries(count: 4), models: TinySample.models, monitor: raised)
        }
        #expect(try place.open().manifest == before)
    }
}
