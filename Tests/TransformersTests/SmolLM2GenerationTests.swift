import Decoding
import Foundation
import Storage
import Testing
import Transformers

@Suite("SmolLM2 says what transformers makes it say", .enabled(if: Fixture.smolLM2 != nil, "SmolLM2 is not installed"))
struct SmolLM2GenerationTests {
    /// Reading the weights takes a second, so that the tests share them.
    private static let loaded = Result { () throws -> LanguageModel in
        try LanguageModel(contentsOf: #require(Fixture.smolLM2))
    }

    private let language: LanguageModel
    private let cases: [JSONValue]

    init() throws {
        language = try Self.loaded.get()
        cases = try Fixture.json("smollm2_reference.json").list("cases")
        try #require(cases.count == 3)
    }

    @Test func prompts() throws {
        for expected in cases {
            let prompt = try #require(expected["prompt"]?.string)
            #expect(language.tokens(of: prompt) == expected.ids)
            let question = try #require(expected["question"]?.string)
            let system = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
            #expect(try language.chatPrompt(question, system: system) == prompt)
        }
    }

    @Test("The first step's best logits, up to a constant") func firstStep() throws {
        for expected in cases {
            let session = try language.model.session([expected.ids])
            var scores = StepScores()
            session.score([session.initialState], into: &scores)
            let best = expected.tokens("top_ids")
            let reference = expected.floats("top_logits")
            #expect(best.count == 5 && reference.count == 5)
            let own = best.map { scores.logProb(of: $0, inRow: 0) }
            for (x, y) in zip(own, reference) { #expect(abs((x - own[0]) - (y - reference[0])) < 1e-2) }
        }
    }

    @Test("Forty tokens of greedy search") func greedy() throws {
        let configuration = language.model.configuration
        #expect(configuration.tokens.ends == [2])
        let search = SequenceSearch(.init(beams: 1, maximumLength: 40, ends: configuration.tokens.ends))
        let rule = Unconstrained(vocabularySize: configuration.vocabularySize)
        for expected in cases {
            let result = try #require(search.run(language.model.session([expected.ids]), rule).first)
            let gap = expected["smallest_gap"]?.number ?? 0
            #expect(result.tokens == expected.tokens("generated"), "the closest two logits differ by \(gap)")
            #expect(language.text(of: result.tokens) == expected["text"]?.string)
        }
    }
}
