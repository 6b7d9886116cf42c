import Decoding
import Foundation
import Learning
import Memory
import Tensors
import TestSupport
import Testing
import Text
import Transformers

@Suite struct NetworkTests {
    @Test("A generator that is written is read again") func generatorFolder() throws {
        let (network, batch) = try Fixture().generator()
        let folder = try TemporaryFolder()
        try network.write(to: folder.url)
        let again = try GeneratorNetwork(contentsOf: folder.url, words: network.words)
        #expect(again.configuration == network.configuration)
        let (one, two) = (Tape(), Tape())
        #expect(one.number(network.loss(batch, on: one)) == two.number(again.loss(batch, on: two)))
        let other = Parameter(name: "words", shape: [9, 32], isFrozen: true)
        #expect(throws: LearningError.self) { try GeneratorNetwork(contentsOf: folder.url, words: other) }
    }

    @Test("The loss is that of the generator that answers queries") func inference() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")
        let (folder, bert) = (fixtures.appending(path: "tiny_generator"), fixtures.appending(path: "tiny_bert"))
        let encoder = try SentenceEncoder(directory: bert)
        let model = try GeneratorModel(directory: folder, encoder: encoder, precision: .float32)
        let configuration = model.configuration
        let words = try ParameterStore().load(
            "embeddings.word_embeddings.weight", shape: [configuration.vocabularySize, configuration.width],
            from: Safetensors(contentsOf: bert.appending(path: "model.safetensors")), isFrozen: true)
        let network = try GeneratorNetwork(contentsOf: folder, words: words)
        let sources = [[2, 11, 12, 13, 3], [2, 20, 3]].map { model.source(tokens: $0) }
        let targets: [GeneratorBatch.Target] = [
            .init(source: 0, task: 0, tokens: [12, 13, 14]), .init(source: 1, task: 2, tokens: [20]),
            .init(source: 0, task: 1, tokens: [9, 12, 9, 8]),
        ]
        let batch = GeneratorBatch(sources, isSpecial: encoder.tokenizer.isSpecial, targets: targets)
        let tape = Tape()
        tape.recordsGradients = false
        let loss = tape.number(network.loss(batch, on: tape))
        var sum: Float = 0
        for target in targets {
            let session = model.session([sources[target.source]], tasks: [target.task])
            sum -= session.stepLogProbs(of: target.tokens).reduce(0, +)
        }
        #expect(abs(loss - sum / 8) < 1e-4)
    }

    @Test("Equal steps take no new memory and give the same") func clearing() throws {
        let (network, batch) = try Fixture().generator()
        let tape = Tape()
        var (losses, sizes): (Set<Float>, Set<Int>) = ([], [])
        for step in 0..<4 {
            tape.clear()
            let loss = network.loss(batch, on: tape)
            losses.insert(tape.number(loss))
            tape.backward(loss)
            network.parameters.clearGradients()
            // The first step's buffers are given back in another order than they were taken.
            if step > 0 { sizes.insert(tape.byteCount) }
        }
        #expect(losses.count == 1 && sizes.count == 1)
        tape.clear()
        tape.recordsGradients = false
        #expect(losses.contains(tape.number(network.loss(batch, on: tape))))
    }

    @Test("A frozen tensor of an encoder has no gradient") func frozenEncoder() throws {
        let fixture = try Fixture()
        let network = try fixture.encoder { $0.hasPrefix("embeddings.") }
        let tape = Tape()
        tape.backward(fixture.encoderLoss(network)(tape))
        for parameter in network.parameters.parameters {
            #expect(parameter.isFrozen == parameter.name.hasPrefix("embeddings."))
            #expect(parameter.gradientMatrix.values.contains { $0 != 0 } == !parameter.isFrozen)
        }
    }

    private static let miniLM = ModelCache.standard.directory(of: "all-MiniLM-L6-v2")

    @Test("The vectors are the sentence encoder's", .enabled(if: miniLM != nil, "all-MiniLM-L6-v2 is not installed"))
    func sentenceEncoder() throws {
        let folder = try #require(Self.miniLM)
        let network = try EncoderNetwork(contentsOf: folder)
        let texts: [[Int32]] = [[101, 2129, 2079, 102], [101, 7592, 2088, 1012, 2023, 2003, 102]]
        let tape = Tape()
        tape.recordsGradients = false
        let states = tape.matrix(network.states(texts, on: tape))
        let reference = try TransformerModel(Checkpoint(contentsOf: folder)).encode(texts)
        for (x, y) in zip(states.values, reference.flatMap(\.values)) { #expect(abs(x - y) < 1e-4) }
    }
}
