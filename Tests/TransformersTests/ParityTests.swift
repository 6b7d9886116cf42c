import Decoding
import Memory
import Storage
import Tensors
import Testing
import Transformers

/// Random checkpoints of each family, and what Hugging Face transformers computes from them.
enum TinyModel {
    static let encoders = ["tiny_mpnet", "tiny_xlmr", "tiny_t5", "tiny_t5_gated", "tiny_bart", "tiny_bart_scaled"]
    static let generators = [
        "tiny_t5", "tiny_t5_gated", "tiny_bart", "tiny_bart_scaled", "tiny_llama", "tiny_llama_untied",
        "tiny_qwen2",
    ]

    static func load(_ name: String, precision: Precision = .float32) throws -> TransformerModel {
        try TransformerModel(Checkpoint(contentsOf: Fixture.url(name)), precision: precision)
    }

    static func reference(_ name: String) throws -> JSONValue {
        try Fixture.json(name + "/reference.json")
    }
}

extension JSONValue {
    func tokens(_ name: String) -> [Int32] { (self[name]?.array ?? []).compactMap(\.int).map(Int32.init) }

    func list(_ name: String) -> [JSONValue] { self[name]?.array ?? [] }
}

@Suite struct ParityTests {
    @Test("Encoder states", arguments: TinyModel.encoders) func states(name: String) throws {
        let model = try TinyModel.load(name)
        let cases = try TinyModel.reference(name).list("states")
        #expect(cases.count >= 3)
        for expected in cases {
            let states = try model.encode([expected.ids])[0]
            let reference = expected.floats("states")
            #expect(states.values.count == reference.count)
            for (x, y) in zip(states.values, reference) { #expect(abs(x - y) < 1e-4) }
        }
    }

    @Test("Log-probabilities of given tokens", arguments: TinyModel.generators)
    func teacherForcing(name: String) throws {
        let model = try TinyModel.load(name)
        let cases = try TinyModel.reference(name).list("forced")
        #expect(cases.count == 12)
        for expected in cases {
            let session = try model.session([expected.tokens("source")])
            let steps = session.stepLogProbs(of: expected.tokens("target"))
            let reference = expected.floats("logprobs")
            #expect(steps.count == reference.count)
            for (x, y) in zip(steps, reference) { #expect(abs(x - y) < 1e-4) }
        }
    }

    @Test("Whole distributions, step by step through the cache", arguments: TinyModel.generators)
    func distributions(name: String) throws {
        let model = try TinyModel.load(name)
        for expected in try TinyModel.reference(name).list("forced") where expected["distributions"] != nil {
            let session = try model.session([expected.tokens("source")])
            let reference = expected.floats("distributions")
            var state = session.initialState
            for (step, token) in expected.tokens("target").enumerated() {
                var scores = StepScores()
                session.score([state], into: &scores)
                for id in 0..<session.vocabularySize {
                    let difference =
                        scores.logProb(of: Int32(id), inRow: 0) - reference[step * session.vocabularySize + id]
                    #expect(abs(difference) < 1e-4)
                }
                state = session.advance(state, by: token)
            }
        }
    }
}
