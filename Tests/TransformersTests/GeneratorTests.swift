import Decoding
import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// The trained generator, held against the same network in PyTorch.
@Suite struct GeneratorTests {
    private struct Case {
        var source: [Int32]
        var task: Int
        var tokens: [Int32]
        var logProbs: [Float]
        var beams: [(tokens: [Int32], score: Float)]
    }

    private static func load(_ precision: Precision = .float32) throws -> GeneratorModel {
        try GeneratorModel(
            directory: Fixture.url("tiny_generator"), encoder: SentenceEncoder(directory: Fixture.tinyBERT),
            precision: precision)
    }

    private static func cases() throws -> [Case] {
        let cases = try Fixture.json("tiny_generator/reference.json")["cases"]?.array ?? []
        #expect(cases.count == 18)
        return cases.map { json in
            func tokens(_ name: String) -> [Int32] {
                (json[name]?.array ?? []).compactMap(\.int).map(Int32.init)
            }
            return Case(
                source: tokens("source"), task: json["task"]?.int ?? -1, tokens: tokens("tokens"),
                logProbs: json.floats("log_probs"),
                beams: (json["beams"]?.array ?? []).map { ($0.ids, Float($0["score"]?.number ?? .nan)) })
        }
    }

    @Test("Log-probabilities of given tokens, ragged sources in one session, all tasks") func parity() throws {
        let model = try Self.load()
        let cases = try Self.cases()
        let sources = stride(from: 0, to: cases.count, by: 3).map { model.source(tokens: cases[$0].source) }
        let session = model.session(sources, tasks: [0, 1, 2])
        #expect(session.count == cases.count)
        for (index, expected) in cases.enumerated() {
            let steps = session.stepLogProbs(of: expected.tokens, source: index)
            for (found, expected) in zip(steps, expected.logProbs) { #expect(abs(found - expected) < 1e-4) }
            let start = session.initialState(ofSource: index)
            let sum = session.logProbs(of: [expected.tokens], from: start)[0]
            #expect(abs(sum - expected.logProbs.reduce(0, +)) < 1e-3)
        }
    }

    @Test("Every step's probabilities sum to one") func normalised() throws {
        let model = try Self.load()
        for expected in try Self.cases() {
            let session = model.session([model.source(tokens: expected.source)], tasks: [expected.task])
            let rows = session.distributions(of: expected.tokens)
            for row in 0..<rows.rows {
                let total = (0..<rows.columns).reduce(0.0) { $0 + exp(Double(rows[row, $1])) }
                #expect(abs(total - 1) < 1e-5)
            }
        }
    }

    @Test("Five beams are those of a search without caches") func beams() throws {
        let model = try Self.load()
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let search = BeamSearch(.init(beams: 5, maximumLength: 6))
        let cases = try Self.cases()
        let sources = stride(from: 0, to: cases.count, by: 3).map { model.source(tokens: cases[$0].source) }
        let together = model.session(sources, tasks: [0, 1, 2])
        let all = search.run(together, cases.indices.map { (together.initialState(ofSource: $0), rule) })
        for (index, expected) in cases.enumerated() {
            let found = all[index].filter { $0.tokens.count == 6 }.prefix(5)
            #expect(found.map(\.tokens) == expected.beams.map(\.tokens))
            for (found, beam) in zip(found, expected.beams) { #expect(abs(found.logProb - beam.score) < 1e-4) }
            // What else is decoded, and the threads, change nothing.
            let alone = model.session([sources[index / 3]], tasks: [expected.task], team: .init(threads: 3))
            #expect(search.run(alone, rule).map(\.logProb) == all[index].map(\.logProb))
        }
    }

    @Test("Scores of a few tokens are those of the whole row") func allowedOnly() throws {
        let model = try Self.load()
        let session = model.session([model.source(tokens: try Self.cases()[9].source)], tasks: [1])
        let state = session.advance(session.initialState, by: 9)
        var (all, some) = (StepScores(), StepScores())
        session.score([state], into: &all)
        session.score([state], only: [[7, 200, 9]], into: &some)
        for token in [7, 200, 9] as [Int32] {
            #expect(some.logProb(of: token, inRow: 0) == all.logProb(of: token, inRow: 0))
        }
        #expect(some.logProb(of: 8, inRow: 0) == -.infinity)
    }

    @Test("A hypothesis longer than the positions, or with a token that is none, has no next token")
    func bounds() throws {
        let model = try Self.load()
        let session = model.session([model.source(tokens: [2, 50, 3])], tasks: [0])
        let tokens = [Int32](repeating: 9, count: 13)
        let steps = session.stepLogProbs(of: tokens)
        #expect(steps[11] > -.infinity && steps[12] == -.infinity)
        var scores = StepScores()
        session.score([session.advance(session.initialState, by: 264)], into: &scores)
        #expect(scores.logProb(of: 9, inRow: 0) == -.infinity)
    }

    @Test("8-bit weights stay near", arguments: [Precision.int8, .float16]) func precision(_ precision: Precision)
        throws
    {
        let model = try Self.load(precision)
        var (difference, count) = (Float(0), Float(0))
        for expected in try Self.cases() {
            let session = model.session([model.source(tokens: expected.source)], tasks: [expected.task])
            for (found, expected) in zip(session.stepLogProbs(of: expected.tokens), expected.logProbs) {
                difference += abs(found - expected)
                count += 1
            }
        }
        #expect(difference / count < (precision == .int8 ? 0.1 : 0.01))
    }
}

/// Folders that are no generators.
@Suite struct GeneratorDamageTests {
    private func refused(_ edit: (inout EditedCheckpoint) -> Void) throws -> String {
        var checkpoint = try EditedCheckpoint("tiny_generator")
        edit(&checkpoint)
        let folder = try TemporaryFolder()
        try checkpoint.write(to: folder.url)
        let encoder = try SentenceEncoder(directory: Fixture.tinyBERT)
        do {
            _ = try GeneratorModel(directory: folder.url, encoder: encoder)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func configurations() throws {
        #expect(try refused { _ in } == "")
        #expect(try refused { $0.set("model_type", .string("bert")) }.contains("model_type is bert"))
        #expect(try refused { $0.set("encoder", .string("other")) }.contains("reads the encoder other, not tiny_bert"))
        #expect(try refused { $0.set("encoder", nil) }.contains("encoder must name"))
        #expect(try refused { $0.set("vocab_size", .number(265)) }.contains("265 tokens and width 32"))
        #expect(try refused { $0.set("tasks", .array([])) }.contains("tasks must be"))
        #expect(try refused { $0.set("tasks", .array([.string("body"), .string("body")])) }.contains("tasks must be"))
        #expect(try refused { $0.set("num_heads", .number(5)) }.contains("multiple of the 5 attention heads"))
        #expect(try refused { $0.set("max_positions", .number(0)) }.contains("max_positions"))
        #expect(try refused { $0.set("num_layers", .number(3)) }.contains("layers.2."))
    }

    @Test func tensors() throws {
        let names = try EditedCheckpoint("tiny_generator").tensors.map(\.name)
        for name in names {
            #expect(try refused { $0.tensors.removeAll { $0.name == name } }.contains(name))
        }
        for name in ["output_bias", "start.weight", "copy.gate.weight", "layers.1.ff.up.weight"] {
            let sentence = try refused { checkpoint in
                guard let place = checkpoint.tensors.firstIndex(where: { $0.name == name }) else { return }
                checkpoint.tensors[place].shape.append(1)
            }
            #expect(sentence.contains(name) && sentence.contains("shape"))
        }
        let sentence = try refused { checkpoint in
            checkpoint.tensors[0].bytes.replaceSubrange(0..<4, with: [0, 0, 0xC0, 0x7F])
        }
        #expect(sentence.contains("not a number"))
    }

    @Test("A file that is cut short") func truncated() throws {
        let folder = try TemporaryFolder()
        let source = Fixture.url("tiny_generator")
        for name in ["config.json", "model.safetensors"] {
            var bytes = [UInt8](try Data(contentsOf: source.appendingPathComponent(name)))
            if name == "model.safetensors" { bytes.removeLast(100) }
            try EditedCheckpoint.write(bytes, to: folder.url.appendingPathComponent(name))
        }
        let encoder = try SentenceEncoder(directory: Fixture.tinyBERT)
        #expect(throws: ModelError.self) { try GeneratorModel(directory: folder.url, encoder: encoder) }
    }
}
