import Engine
import Foundation
import Indexer
import Learning
import Ranking
import Tensors
import Testing
import Training
import Transformers

/// Training the head by which a generator compares queries with passages.
@Suite struct RerankTrainingTests {
    private func training(_ index: TinyIndex, generator: URL, steps: Int = 40) -> RerankTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 3e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = RerankTraining(index.engine, generator: generator, plan: plan, threads: 2)
        training.options.batch = 8
        training.options.negatives = 4
        return training
    }

    private func generator(_ index: TinyIndex) throws -> URL {
        let output = index.place("generator")
        var training = NgramTraining(
            index.engine, plan: TrainingPlan(.steps(2), optimiser: AdamW(learningRate: 1e-3)), threads: 2)
        training.layers = 1
        training.isTried = false
        _ = try training.run(try index.pairs(), output: output) { _ in }
        return output
    }

    @Test("It learns, the generator stays as it is, and searches rerank with it") func learns() throws {
        let index = try TinyIndex()
        let (start, output) = (try generator(index), index.place("head"))
        var held: [Double] = []
        let result = try training(index, generator: start).run(try index.pairs(), output: output) {
            if let loss = $0.heldOutLoss { held.append(loss) }
        }
        #expect(try #require(result.bestLoss) < (try #require(held.first)) - 0.05)
        let (before, after) = (try Safetensors(contentsOf: start.appending(path: "model.safetensors")),
            try Safetensors(contentsOf: output.appending(path: "model.safetensors")))
        for entry in before.entries {
            #expect(try before.floats(entry.name, shape: entry.shape).toArray() == after.floats(entry.name, shape: entry.shape).toArray())
        }
        #expect(after.entries.count == before.entries.count + 3)

        try GeneratorInstall.install(output.path, into: index.engine.path, models: TinyIndex.models)
        let engine = try Engine.open(index.engine.path, models: TinyIndex.models, generatorPrecision: .float32)
        #expect(engine.manifest.generator?.rerank == .usual)
        #expect(try engine.search("sourdough").diagnostics.reranked == 20)
        var options = SearchOptions()
        (options.rerank, options.rerankWeights) = (5, .init(likelihood: 0, interaction: 1))
        let text = "how do I feed a sourdough starter"
        let hits = try engine.search(text, options).hits
        let scored = hits.filter { $0.rerank?.signals != nil }
        #expect(scored.count == 5)
        let model = try #require(try engine.generator?.model())
        let most = scored.compactMap { $0.rerank?.signals?.interaction }.max() ?? .nan
        for hit in scored {
            let passage = try engine.passage(hit.document)
            let read = passage.title.isEmpty ? passage.text : passage.title + " " + passage.text
            let expected = try naive(
                model.encoder.states(tokens: model.encoder.tokens(of: text)),
                model.encoder.states(tokens: model.encoder.tokens(of: read)), after)
            let found = try #require(hit.rerank?.signals?.interaction)
            #expect(abs(found - expected) < 1e-4 && abs(found - most - (hit.rerank?.contribution ?? .nan)) < 1e-6)
        }
    }

    /// The formula, in double precision.
    private func naive(_ query: Matrix, _ passage: Matrix, _ file: Safetensors) throws -> Float {
        let d = query.columns
        func map(_ states: Matrix, _ name: String) throws -> [[Double]] {
            let weights = try file.floats(name, shape: [d, d]).toArray()
            return (0..<states.rows).map { row in
                let mapped = (0..<d).map { out in
                    (0..<d).reduce(0.0) { $0 + Double(states[row, $1]) * Double(weights[out * d + $1]) }
                }
                let length = mapped.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return mapped.map { $0 / length }
            }
        }
        let (x, y) = (try map(query, "interaction.query.weight"), try map(passage, "interaction.passage.weight"))
        let importance = try file.floats("interaction.importance.weight", shape: [1, d]).toArray()
        let shares = (0..<query.rows).map { row in
            exp((0..<d).reduce(0.0) { $0 + Double(query[row, $1]) * Double(importance[$1]) })
        }
        var sum = 0.0
        for (share, one) in zip(shares, x) {
            let products = y.map { other in zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
            sum += share * (products.max() ?? 0)
        }
        return Float(sum / shares.reduce(0, +))
    }

    @Test("It goes on to the same bytes, and a head is trained on") func resumes() throws {
        struct Stop: Error {}
        let index = try TinyIndex()
        let start = try generator(index)
        let (whole, parts) = (index.place("whole"), index.place("parts"))
        _ = try training(index, generator: start, steps: 12).run(try index.pairs(), output: whole) { _ in }
        #expect(throws: Stop.self) {
            try training(index, generator: start, steps: 12).run(try index.pairs(), output: parts) {
                if $0.step == 9 { throw Stop() }
            }
        }
        _ = try training(index, generator: start, steps: 12).run(try index.pairs(), output: parts) { _ in }
        let file = "model.safetensors"
        #expect(try Data(contentsOf: whole.appending(path: file)) == Data(contentsOf: parts.appending(path: file)))
        // A generator keeps its head while it learns something else, and the head learns on.
        var other = NgramTraining(
            index.engine, plan: TrainingPlan(.steps(2), optimiser: AdamW(learningRate: 1e-3)), threads: 2)
        (other.start, other.isTried) = (whole, false)
        let taught = index.place("taught")
        _ = try other.run(try index.pairs(), output: taught) { _ in }
        let name = "interaction.query.weight"
        func head(_ folder: URL) throws -> [Float] {
            let tensors = try Safetensors(contentsOf: folder.appending(path: file))
            let shape = try #require(tensors.entries.first { $0.name == name }).shape
            return try tensors.floats(name, shape: shape).toArray()
        }
        #expect(try head(taught) == head(whole))
        let again = index.place("again")
        _ = try training(index, generator: taught, steps: 4).run(try index.pairs(), output: again) { _ in }
        #expect(try head(again).count == head(whole).count)
    }

    @Test("Passages that a query is told from are found ones and never its own") func negatives() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let negatives = FoundNegatives(index.engine, pairs)
        for pair in pairs.pairs.prefix(20) {
            let drawn = negatives.draw(5, for: pair.query, seed: 3)
            #expect(!drawn.isEmpty && drawn.count <= 5 && Set(drawn).count == drawn.count)
            #expect(!drawn.contains(pair.passage) && drawn == negatives.draw(5, for: pair.query, seed: 3))
        }
    }
}
