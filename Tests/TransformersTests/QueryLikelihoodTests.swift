import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct QueryLikelihoodTests {
    private func texts(_ count: Int, longest: Int, seed: UInt64) -> [[Int32]] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...longest, using: &random)).map { _ in Int32.random(in: 4..<264, using: &random) }
        }
    }

    private func load(_ folder: String, _ precision: Precision = .float32) throws -> GeneratorModel {
        try GeneratorModel(
            directory: Fixture.url(folder), encoder: SentenceEncoder(directory: Fixture.tinyBERT),
            precision: precision)
    }

    @Test("Many passages together are each passage by teacher forcing", arguments: [Precision.float32, .int8])
    func parity(precision: Precision) throws {
        let model = try load("tiny_generator", precision)
        let likelihood = try #require(QueryLikelihood(model))
        let (task, end) = (try #require(model.task("question")), try #require(model.end))
        // Enough rows for several products with the vocabulary, and sources with nothing to copy.
        let passages = [[2, 3], [2, 50, 3]] + texts(45, longest: 40, seed: 3)
        let sources = model.sources(tokens: passages)
        for query in [[], [9, 200, 41, 77], texts(1, longest: 1, seed: 5)[0] + [Int32](repeating: 60, count: 20)] {
            let tokens = Array((query + [end]).prefix(model.configuration.maximumLength))
            let found = likelihood.meanLogProbs(of: query, given: sources)
            for (index, passage) in passages.enumerated() {
                let session = model.session([model.source(tokens: passage)], tasks: [task])
                let expected = session.stepLogProbs(of: tokens).reduce(0, +) / Float(tokens.count)
                #expect(abs(found[index] - expected) < 1e-5)
                // Neither the other passages nor the threads change a bit.
                let alone = likelihood.meanLogProbs(of: query, given: [sources[index]], team: .init(threads: 3))
                #expect(alone == [found[index]])
            }
        }
        #expect(likelihood.meanLogProbs(of: [9], given: []).isEmpty)
    }

    @Test("States of a text do not depend on its batch") func states() throws {
        let encoder = try SentenceEncoder(directory: Fixture.tinyBERT)
        let texts = texts(20, longest: 60, seed: 7)
        for (text, states) in zip(texts, encoder.states(tokens: texts)) {
            #expect(states == encoder.states(tokens: text) && states.rows == min(text.count, encoder.maxTokens))
        }
        #expect(encoder.states(tokens: [[Int32]]()).isEmpty)
    }

    @Test("Marks stand around a text that is cut") func framed() throws {
        let encoder = try SentenceEncoder(directory: Fixture.tinyBERT)
        let marks = encoder.tokens(of: "", as: .passage)
        #expect(encoder.framed([]) == marks && encoder.framed([50, 51], atMost: 3) == [marks[0], 50, marks[1]])
        #expect(encoder.framed([Int32](repeating: 50, count: 99)).count == encoder.maxTokens)
        #expect(encoder.framed([50], atMost: 0) == marks)
    }

    @Test("Any model's continuation under all its sources", arguments: TinyModel.generators)
    func otherHeads(name: String) throws {
        let model = try TinyModel.load(name)
        let sources = try TinyModel.reference(name).list("cases").prefix(7).map { $0.tokens("source") }
        let session = try model.session(Array(sources))
        let tokens: [Int32] = [7, 20, 9, 30]
        let found = session.logProbs(underAllSources: tokens)
        for source in sources.indices {
            let expected = session.stepLogProbs(of: tokens, source: source).reduce(0, +)
            #expect(abs(found[source] - expected) < 1e-4)
        }
        #expect(session.logProbs(underAllSources: []) == sources.map { _ in 0 })
        #expect(session.logProbs(underAllSources: [7, -1]) == sources.map { _ in -.infinity })
    }

    @Test("A generator that writes no questions") func otherTasks() throws {
        var checkpoint = try EditedCheckpoint("tiny_generator")
        checkpoint.set("tasks", .array(["body", "title", "other"].map { .string($0) }))
        let folder = try TemporaryFolder()
        try checkpoint.write(to: folder.url)
        let model = try GeneratorModel(
            directory: folder.url, encoder: SentenceEncoder(directory: Fixture.tinyBERT))
        #expect(QueryLikelihood(model) == nil)
    }
}
