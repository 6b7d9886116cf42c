import Engine
import Foundation
import Indexer
import Learning
import Testing
import Training

@Suite struct GeneratorRefinementTests {
    /// A generator that has learned next to nothing, for every task.
    private func general(_ index: TinyIndex) throws -> URL {
        var plan = TrainingPlan(.steps(3), optimiser: AdamW(learningRate: 1e-3))
        plan.warmup = 1
        var training = NgramTraining(index.engine, plan: plan, threads: 2)
        training.layers = 1
        training.options.batch = 8
        training.options.questionShare = 0.5
        training.isTried = false
        let folder = index.place("general")
        _ = try training.run(try index.pairs(), output: folder) { _ in }
        return folder
    }

    @Test("The best generator stays, with weights of its own", arguments: [0, 0.02])
    func chooses(minutes: Double) throws {
        let index = try TinyIndex()
        var refinement = GeneratorRefinement(
            index.engine.path, general: try general(index), minutes: minutes, threads: 2)
        refinement.models = TinyIndex.models
        let report = try refinement.run()
        #expect(report.questions > 0)
        #expect(minutes > 0 || report.refined == nil)
        let best = max(report.untrained, report.general, report.refined ?? 0)
        switch report.choice {
        case .untrained: #expect(report.untrained == best)
        case .general: #expect(report.general == best)
        case .refined: #expect(report.refined == best)
        }
        let manifest = try index.reopened().manifest
        #expect((manifest.generator != nil) == (report.choice != .untrained))
        #expect(manifest.queries?.map(\.maker) == ["generator"])
    }

    @Test("A refinement that fails leaves the index without a generator") func fails() throws {
        let index = try TinyIndex()
        var refinement = GeneratorRefinement(
            index.engine.path, general: try general(index), minutes: 0.01, threads: 1)
        refinement.models = TinyIndex.models
        refinement.isCancelled = { true }
        #expect(throws: IndexingError.self) { try refinement.run() }
        #expect(try index.reopened().manifest.generator == nil)
    }
}
