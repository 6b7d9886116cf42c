import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing
import Training

/// Builds that give the index a generator.
@Suite struct GeneratorRefinementTests {
    private struct Place {
        let folder: TemporaryFolder
        /// A generator that has learned next to nothing, for every task.
        let base: URL

        init() throws {
            folder = try TemporaryFolder()
            base = URL(filePath: folder.path("base"))
            try TinySample.build(at: folder.path("first"), pseudoQueries: 0)
            let index = try TinySample.open(folder.path("first")).reader
            var pairs = QueryPairs()
            try pairs.addLabelled(
                queries: Sample.path + "/queries.jsonl", qrels: Sample.path + "/qrels/test.tsv", index: index)
            var plan = TrainingPlan(.steps(3), optimiser: AdamW(learningRate: 1e-3))
            plan.warmup = 1
            var training = NgramTraining(index, plan: plan)
            training.threads = 2
            training.layers = 1
            training.options.batch = 8
            training.options.questionShare = 0.5
            training.validates = false
            _ = try training.run(pairs, output: base, .silent)
        }

        func builder(steps: Int, generator: URL? = nil) -> IndexBuilder {
            var options = IndexOptions()
            options.encoder = "tiny_bert"
            options.pseudoQueries = 6
            options.generator = (generator ?? base).path
            options.trainSteps = steps
            return IndexBuilder(
                corpus: Sample.path, destination: folder.path("index"), options: options, models: TinySample.models)
        }
    }

    @Test("The best generator stays, with weights of its own", arguments: [0, 4]) func chooses(steps: Int) throws {
        let place = try Place()
        let built = try place.builder(steps: steps).build()
        let report = try #require(built.refinement).get()
        #expect(report.questions > 0 && !report.isCutShort)
        #expect(steps > 0 || report.refined == nil)
        let best = max(report.none, report.base, report.refined ?? 0)
        switch report.choice {
        case .none: #expect(report.none == best)
        case .base: #expect(report.base == best)
        case .refined: #expect(report.refined == best)
        }
        let engine = try TinySample.open(place.folder.path("index"))
        #expect(engine.manifest == built.manifest)
        #expect((engine.manifest.part(GeneratorPart.kind) != nil) == (report.choice != .none))
        let weights = engine.manifest.estimates.filter { $0.id == .fusionWeights && engine.manifest.isValid($0) }
        #expect(weights.count == (report.choice == .none ? 1 : 2))
        // The questions that it was chosen by stay where it does.
        #expect(engine.reader.queryGenerators == (report.choice == .none ? [] : ["generator"]))
        try engine.reader.verify()
        #expect(try engine.warm().isEmpty)
    }

    @Test("A refinement that fails leaves the index without a generator") func fails() throws {
        let place = try Place()
        let mute = try TinySample.generator(
            URL(filePath: place.folder.path("mute")), replacing: "\"question\"", with: "\"other\"")
        let built = try place.builder(steps: 4, generator: mute).build()
        guard case .failure(let error)? = built.refinement else {
            Issue.record("a generator that asks no questions was refined")
            return
        }
        #expect { throw error } throws: { if case IndexingError.writesNoQuestions = $0 { true } else { false } }
        let engine = try TinySample.open(place.folder.path("index"))
        #expect(engine.manifest.part(GeneratorPart.kind) == nil && engine.reader.queryGenerators.isEmpty)
        #expect(engine.manifest.estimates.map(\.id) == [.fusionWeights])
        #expect(try engine.warm().isEmpty)
    }

    @Test("One that is interrupted does not lose the rest of the work") func interrupted() throws {
        let place = try Place()
        var builder = place.builder(steps: 4)
        let heard = Heard()
        builder.monitor = WorkMonitor(cancellation: Cancellation { heard.all.contains { $0.stage == "questions" } }) {
            heard.add($0)
        }
        let built = try builder.build()
        guard case .failure(let error)? = built.refinement else {
            Issue.record("it was not interrupted")
            return
        }
        #expect(error is Cancelled)
        let engine = try TinySample.open(place.folder.path("index"))
        #expect(engine.manifest.part(GeneratorPart.kind) == nil && engine.count == 210)
        #expect(try !engine.rank("bread").hits.isEmpty)
    }
}
