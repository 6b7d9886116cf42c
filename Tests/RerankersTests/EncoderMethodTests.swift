import Foundation
import Memory
import Rerankers
import Tensors
import Testing
import Transformers

/// Methods whose model reads and does not generate.
@Suite("Reranking by encoders") struct EncoderMethodTests {
    private struct Pair: Decodable {
        var query: String
        var passage: String
        var ids: [Int32]
        var second: Int
        var score: Double
    }

    private static let folder = TinyChat.folder.appending(path: "tiny_cross")
    private static let pairs = Result {
        try JSONDecoder().decode([Pair].self, from: Data(contentsOf: folder.appending(path: "pairs.json")))
    }

    private func model(_ folder: URL = folder, threads: Int = 1) throws -> RerankModel {
        try RerankModel(contentsOf: folder, precision: .float32, threads: threads)
    }

    @Test("A cross-encoder reads pairs and scores them as BERT written out does") func crossEncoder() throws {
        let encoder = try CrossEncoder(Checkpoint(contentsOf: Self.folder))
        let pairs = try Self.pairs.get()
        for pair in pairs {
            let own = encoder.pair(pair.query, pair.passage)
            #expect(own.tokens == pair.ids && own.second == pair.second && !own.isCut)
        }
        let together = encoder.scores(pairs.map { ($0.ids, $0.second) })
        for (pair, score) in zip(pairs, together) {
            #expect(abs(Double(score) - pair.score) < 1e-4)
            // To the last bit, whatever it is scored with.
            #expect(encoder.scores([(pair.ids, pair.second)]) == [score])
        }
        let method = try RerankMethods.make("crossencoder", model(), RerankOptions())
        let query = "the cat"
        let candidates = pairs.map { RerankCandidate(id: $0.passage, text: $0.passage) }
        let outcome = try method.rerank(query, candidates, RerankWork())
        for entry in outcome.entries {
            let own = encoder.pair(query, candidates[entry.place].text)
            #expect(entry.score == encoder.scores([(own.tokens, own.second)]).first.map(Double.init))
        }
    }

    @Test("Of a long pair the passage is cut, and a query only where it takes more than half") func cut() throws {
        let encoder = try CrossEncoder(Checkpoint(contentsOf: Self.folder))
        let long = [String](repeating: "cat", count: 90).joined(separator: " ")
        for (query, passage) in [("the", long), (long, long), (long, "the"), ("", long), (long, "")] {
            let own = encoder.pair(query, passage)
            #expect(own.tokens.count <= encoder.maxTokens && own.second <= own.tokens.count)
            #expect(own.tokens.count == encoder.maxTokens)
            #expect(own.tokens.last == own.tokens[own.second - 1])
        }
        let short = encoder.pair("the", long, passageTokens: 5)
        #expect(short.tokens.count - short.second == 6 && short.isCut)
    }

    @Test("A model does only what it can") func kinds() throws {
        let cross = try model()
        for method in ["first", "embedding", "maxsim", "e2rank", "yesno"] {
            #expect(throws: RerankMethods.Fault.self) { try RerankMethods.make(method, cross, RerankOptions()) }
        }
        let chat = try TinyChat.model()
        for method in ["crossencoder", "embedding", "maxsim", "e2rank", "monot5"] {
            #expect(throws: RerankMethods.Fault.self) { try RerankMethods.make(method, chat, RerankOptions()) }
        }
    }

    private static let miniLM = ModelCache.standard.directory(of: "all-MiniLM-L6-v2")

    @Test(
        "Embeddings and token states, against their definitions",
        .enabled(if: miniLM != nil, "the encoder is not installed"))
    func encoders() throws {
        let folder = try #require(Self.miniLM)
        let encoder = try SentenceEncoder(directory: folder)
        let (query, texts) = (
            "why is the sky blue", ["The sky is blue by day.", "Bread keeps three days.", "", "Blue."]
        )
        let candidates = texts.map { RerankCandidate(id: $0, text: $0) }
        func unit(_ row: some Sequence<Float>) -> [Double] {
            let values = row.map(Double.init)
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        }
        func rows(_ text: String, _ role: EncoderRole) -> [[Double]] {
            let states = encoder.states(tokens: encoder.tokens(of: text, as: role))
            return (0..<states.rows).map { unit(states.row($0)) }
        }
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let model = try model(folder)
        let maxsim = try RerankMethods.make("maxsim", model, RerankOptions()).rerank(query, candidates, RerankWork())
        for entry in maxsim.entries {
            let (own, other) = (rows(query, .query), rows(texts[entry.place], .passage))
            let expected = own.map { x in other.map { dot(x, $0) }.max() ?? 0 }.reduce(0, +) / Double(own.count)
            #expect(abs((entry.score ?? .nan) - expected) < 1e-5)
        }
        let embedding = try RerankMethods.make("embedding", model, RerankOptions()).rerank(
            query, candidates, RerankWork())
        let vectors = encoder.encode(tokens: texts.map { encoder.tokens(of: $0, as: .passage) })
        let own = encoder.encode(tokens: [encoder.tokens(of: query, as: .query)]).row(0).map(Double.init)
        for entry in embedding.entries {
            #expect(abs((entry.score ?? .nan) - dot(own, vectors.row(entry.place).map(Double.init))) < 1e-5)
        }
        for window in [2, 3, 9] {
            var options = RerankOptions()
            options.window = window
            let listed = try RerankMethods.make("e2rank", model, options).rerank(query, candidates, RerankWork())
            let question = encoder.tokens(of: query, as: .query)
            // [CLS] passages' words, the query's words [SEP]: all of these are short.
            let words = texts.prefix(window).flatMap { encoder.tokens(of: $0, as: .passage).dropFirst().dropLast() }
            let list = [question[0]] + words + question.dropFirst()
            let first = encoder.encode(tokens: [list]).row(0).map(Double.init)
            for entry in listed.entries {
                #expect(abs((entry.score ?? .nan) - dot(first, vectors.row(entry.place).map(Double.init))) < 1e-5)
            }
        }
        let long = (0..<5).map { RerankCandidate(id: "\($0)", text: String(repeating: "sky \($0) ", count: 400)) }
        let ranked = try RerankMethods.make("e2rank", model, RerankOptions()).rerank(query, long, RerankWork())
        #expect(ranked.entries.map(\.place).sorted() == Array(0..<5))
        #expect(ranked.cost.readTokens <= 6 * encoder.maxTokens)
        #expect(embedding.entries.first?.place == 0 && maxsim.entries.first?.place == 0)
    }

    @Test("Pruning and early exit leave the rest as it was") func pruning() throws {
        var random = SeededGenerator(seed: 2)
        let words = ["cat", "dog", "the", "in", "and", "12", "end"]
        let candidates = (0..<30).map { place in
            RerankCandidate(
                id: "\(place)",
                text: (0..<4).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " "),
                firstScore: -Double(place * place))
        }
        func outcome(_ set: (inout RerankOptions) -> Void) throws -> RerankOutcome {
            var options = RerankOptions()
            set(&options)
            return try RerankMethods.make("crossencoder", model(), options).rerank("the cat", candidates, RerankWork())
        }
        let whole = try outcome { _ in }
        #expect(try outcome { ($0.alpha, $0.patience) = (1, 1000) }.entries == whole.entries)
        let pruned = try outcome { ($0.alpha, $0.top) = (0.25, 3) }
        // Within a quarter of the range of squares: half of the places.
        let reached = pruned.entries.filter(\.isReached).map(\.place)
        #expect(reached.sorted() == Array(0..<15))
        #expect(pruned.entries.dropFirst(15).map(\.place) == Array(15..<30))
        #expect(pruned.entries.filter(\.isReached) == whole.entries.filter { $0.place < 15 })
        let patient = try outcome { ($0.patience, $0.top) = (4, 2) }
        let looked = patient.entries.count(where: \.isReached)
        #expect(looked < 30 && patient.cost.calls == looked)
        // What a person would do with the scores in hand.
        let scores = Dictionary(uniqueKeysWithValues: whole.entries.map { ($0.place, $0.score ?? 0) })
        var (best, idle, count) = ([Double](), 0, 0)
        for place in 0..<30 {
            let score = scores[place] ?? 0
            count += 1
            if best.count < 2 || score > best.min() ?? 0 {
                best = Array((best + [score]).sorted(by: >).prefix(2))
                idle = 0
            } else {
                idle += 1
            }
            if idle == 4 { break }
        }
        #expect(looked == count)
    }
}
