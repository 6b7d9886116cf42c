import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct SentenceEncoderTests {
    let tiny: SentenceEncoder

    init() throws {
        tiny = try SentenceEncoder(directory: Fixture.tinyBERT)
    }

    private func sequences(_ count: Int, longest: Int) -> [[Int32]] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...longest, using: &generator)).map { _ in
                Int32.random(in: 0..<264, using: &generator)
            }
        }
    }

    @Test("Pooled states of a random checkpoint are those of transformers") func tinyReference() throws {
        let cases = try #require(Fixture.json("tiny_bert/states.json").array)
        #expect(cases.count == 7)
        for expected in cases {
            let ids = expected.ids
            let states = expected.floats("states")
            var mean = (0..<32).map { column in
                (0..<ids.count).reduce(Float(0)) { $0 + states[$1 * 32 + column] }
            }
            Vector.normalize(&mean)
            let vector = tiny.encode(tokens: [ids]).values
            for (x, y) in zip(vector, mean) { #expect(abs(x - y) < 1e-4) }
        }
    }

    @Test("Token states of a text") func query() throws {
        let query = tiny.encodeQuery("the search of a tree")
        #expect(query.ids == tiny.tokens(of: "the search of a tree", as: .query))
        #expect(query.tokenStates.rows == query.ids.count && query.tokenStates.columns == 32)
        #expect(query.vector == tiny.encode(tokens: [query.ids]).values)
        #expect(abs(Vector.dot(query.vector, query.vector) - 1) < 1e-5)
    }

    @Test("States of a random checkpoint are those of transformers") func tinyStates() throws {
        let cases = try #require(Fixture.json("tiny_bert/states.json").array)
        for expected in cases {
            let states = tiny.states(tokens: expected.ids)
            let reference = expected.floats("states")
            #expect(states.values.count == reference.count)
            for (x, y) in zip(states.values, reference) { #expect(abs(x - y) < 1e-4) }
        }
    }

    @Test("A vector does not depend on its batch") func batchInvariance() {
        let sequences = sequences(37, longest: 40)
        let together = tiny.encode(tokens: sequences)
        for (index, sequence) in sequences.enumerated() {
            #expect(tiny.encode(tokens: [sequence]).values == Array(together.row(index)))
        }
    }

    @Test("Neither threads nor budgets change vectors", arguments: [1, 2, 5], [1, 50, 4_096])
    func threadInvariance(threads: Int, budget: Int) {
        let sequences = sequences(101, longest: 40)
        let all = tiny.encodeAll(tokens: sequences, threads: threads, tokenBudget: budget)
        #expect(all == tiny.encode(tokens: sequences))
    }

    @Test func emptyAndLongSequences() {
        let long = [Int32](repeating: 7, count: 100)
        let vectors = tiny.encode(tokens: [[], long, [7]])
        #expect(vectors.row(0).allSatisfy { $0 == 0 })
        #expect(Array(vectors.row(1)) == tiny.encode(tokens: [Array(long.prefix(40))]).values)
        #expect(tiny.encode(tokens: []).rows == 0)
        #expect(tiny.encodeAll(tokens: []).rows == 0)
    }

    @Test func modelHash() throws {
        #expect(try tiny.modelHash().count == 64)
        #expect(tiny.dimension == 32 && tiny.maxTokens == 40)
    }

    @Test("MiniLM's vectors are those of transformers", .enabled(if: Fixture.miniLM != nil, "MiniLM is not installed"))
    func miniLM() throws {
        let encoder = try SentenceEncoder(directory: #require(Fixture.miniLM))
        let cases = try #require(Fixture.json("minilm_vectors.json").array)
        #expect(cases.count == 24 && encoder.maxTokens == 256)
        var worst: Float = 0
        for expected in cases {
            let text = try #require(expected["text"]?.string)
            let query = encoder.encodeQuery(text)
            #expect(query.ids == expected.ids, "\(text)")
            let reference = expected.floats("vector")
            #expect(Vector.dot(query.vector, reference) >= 0.9999)
            worst = zip(query.vector, reference).map { abs($0 - $1) }.reduce(worst, max)
        }
        #expect(worst <= 1e-4)
        print("largest difference \(worst)")
    }

    @Test("MPNet's vectors are those of transformers", .enabled(if: Fixture.mpnet != nil, "MPNet is not installed"))
    func mpnet() throws {
        let encoder = try SentenceEncoder(directory: #require(Fixture.mpnet))
        let cases = try #require(Fixture.json("mpnet_vectors.json").array)
        #expect(cases.count == 10 && encoder.maxTokens == 384)
        for expected in cases {
            let query = encoder.encodeQuery(try #require(expected["text"]?.string))
            #expect(query.ids == expected.ids)
            #expect(Vector.dot(query.vector, expected.floats("vector")) >= 0.9999)
        }
    }
}
