import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import Ranking
import SampleIndexes
import Search
import Tensors
import TestSupport
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
        var training = RerankTraining(index.reader, generator: generator, plan: plan)
        training.threads = 2
        training.options.batch = 8
        training.options.negatives = 4
        return training
    }

    private func generator(_ index: TinyIndex) throws -> URL {
        let output = index.place("generator")
        var training = NgramTraining(
            index.reader, plan: TrainingPlan(.steps(2), optimiser: AdamW(learningRate: 1e-3)))
        training.threads = 2
        training.layers = 1
        training.validates = false
        _ = try training.run(try index.pairs(), output: output, .silent)
        return output
    }

    @Test("It learns, the generator stays as it is, and searches rerank with it") func learns() throws {
        let index = try TinyIndex()
        let (start, output) = (try generator(index), index.place("head"))
        let steps = Steps()
        let report = try training(index, generator: start).run(try index.pairs(), output: output, steps.monitor)
        #expect(try #require(report.result?.bestLoss) < (try #require(steps.heldOut.first)) - 0.05)
        let (before, after) = (
            try Safetensors(contentsOf: start.appending(path: "model.safetensors")),
            try Safetensors(contentsOf: output.appending(path: "model.safetensors"))
        )
        for entry in before.entries {
            #expect(
                try before.floats(entry.name, shape: entry.shape).toArray()
                    == after.floats(entry.name, shape: entry.shape).toArray())
        }
        #expect(after.entries.count == before.entries.count + 3)

        try index.set(GeneratorPart.self, "head")
        let engine = try Engine.open(index.engine.path, models: TinyIndex.models, precision: .float32)
        // Such a one reranks without being asked.
        #expect(try engine.rank("sourdough").rerankedCount == 20)
        var options = SearchOptions()
        (options.rerank, options.rerankWeights) = (5, ["interaction": 1])
        let text = "how do I feed a sourdough starter"
        let hits = try engine.rank(text, options: options).hits
        let scored = hits.filter { $0.candidate.rerank?.scores != nil }
        #expect(scored.count == 5)
        let model = try engine.reader.value(IndexGenerator.self).model
        let most = scored.compactMap { $0.candidate.rerank?.scores?["interaction"] }.max() ?? .nan
        for hit in scored {
            let passage = try engine.passage(hit.candidate.passage)
            let read = passage.title.isEmpty ? passage.text : passage.title + " " + passage.text
            let expected = try naive(
                model.encoder.states(tokens: model.encoder.tokens(of: text, as: .query)),
                model.encoder.states(tokens: model.encoder.tokens(of: read, as: .passage)), after)
            let found = try #require(hit.candidate.rerank?.scores?["interaction"])
            #expect(
                abs(found - expected) < 1e-4 && abs(found - most - (hit.candidate.rerank?.contribution ?? .nan)) < 1e-6)
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
        let index = try TinyIndex()
        let start = try generator(index)
        let (whole, parts) = (index.place("whole"), index.place("parts"))
        _ = try training(index, generator: start, steps: 12).run(try index.pairs(), output: whole, .silent)
        #expect(throws: Cancelled.self) {
            try training(index, generator: start, steps: 12).run(
                try index.pairs(), output: parts, Steps(endingAfter: 9).monitor)
        }
        _ = try training(index, generator: start, steps: 12).run(try index.pairs(), output: parts, .silent)
        let file = "model.safetensors"
        #expect(try Data(contentsOf: whole.appending(path: file)) == Data(contentsOf: parts.appending(path: file)))
        // A generator keeps its head while it learns something else, and the head learns on.
        var other = NgramTraining(
            index.reader, plan: TrainingPlan(.steps(2), optimiser: AdamW(learningRate: 1e-3)))
        other.threads = 2
        (other.start, other.validates) = (whole, false)
        let taught = index.place("taught")
        _ = try other.run(try index.pairs(), output: taught, .silent)
        let name = "interaction.query.weight"
        func head(_ folder: URL) throws -> [Float] {
            let tensors = try Safetensors(contentsOf: folder.appending(path: file))
            let shape = try #require(tensors.entries.first { $0.name == name }).shape
            return try tensors.floats(name, shape: shape).toArray()
        }
        #expect(try head(taught) == head(whole))
        let again = index.place("again")
        _ = try training(index, generator: taught, steps: 4).run(try index.pairs(), output: again, .silent)
        #expect(try head(again).count == head(whole).count)
    }

    @Test("Passages that a query is told from are found ones and never its own") func negatives() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let negatives = try FoundNegatives(index.reader, pairs)
        for pair in pairs.pairs.prefix(20) {
            let drawn = negatives.draw(5, for: pair.query, seed: 3)
            #expect(!drawn.isEmpty && drawn.count <= 5 && Set(drawn).count == drawn.count)
            #expect(!drawn.contains(pair.passage) && drawn == negatives.draw(5, for: pair.query, seed: 3))
        }
    }
}
