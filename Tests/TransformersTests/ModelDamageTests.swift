import Decoding
import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite("Damaged models throw or run, and never trap") struct ModelDamageTests {
    static let names = ["tiny_bert"] + ["tiny_mpnet", "tiny_xlmr"] + TinyModel.generators

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(_ checkpoint: EditedCheckpoint) throws -> TransformerModel {
        try checkpoint.write(to: folder.url)
        return try TransformerModel(Checkpoint(contentsOf: folder.url))
    }

    /// Encodes and decodes, freely and under constraints.
    private func exercise(_ model: TransformerModel) {
        let text: [Int32] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        if model.configuration.encoder != nil { _ = try? model.encode([text, [5]]) }
        guard let session = try? model.session([text]) else { return }
        let rule = Unconstrained(vocabularySize: session.vocabularySize)
        _ = SequenceSearch(.init(beams: 2, maximumLength: 3)).run(session, rule)
        let trie = TokenTrie([[5, 6, 1], [5, 7, 1], [9, 1]])
        _ = SequenceSearch(.init(beams: 3, maximumLength: 3, ends: [1])).run(session, trie)
        var renormalized = BeamSearch(.init(beams: 2, maximumLength: 3))
        renormalized.options.renormalizes = true
        _ = renormalized.run(session, trie)
        _ = session.stepLogProbs(of: [5, 6, 1])
    }

    /// Whether the model is refused with a sentence; one that is not has to work.
    private func isRefused(_ checkpoint: EditedCheckpoint) throws -> Bool {
        do {
            exercise(try load(checkpoint))
            return false
        } catch let error as ModelError {
            #expect(error.description.hasPrefix(folder.url.path))
            return true
        }
    }

    /// Tensors without which a model is another, not a damaged one: its output is tied or has no bias.
    private func isOptional(_ name: String) -> Bool {
        name.hasPrefix("lm_head") || name == "final_logits_bias" || name.hasPrefix("pooler")
            || name.contains("embed_tokens") || name.contains("position_ids")
    }

    @Test("Each tensor missing", arguments: names) func missing(name: String) throws {
        let whole = try EditedCheckpoint(name)
        #expect(try !isRefused(whole))
        for place in whole.tensors.indices {
            var damaged = whole
            damaged.tensors.remove(at: place)
            let isRefused = try isRefused(damaged)
            #expect(isRefused || isOptional(whole.tensors[place].name), "\(whole.tensors[place].name)")
        }
    }

    @Test("Each tensor of another shape, or not a number", arguments: names)
    func shapes(name: String) throws {
        let whole = try EditedCheckpoint(name)
        for (place, tensor) in whole.tensors.enumerated() {
            var changes: [EditedCheckpoint.Tensor] = []
            for shape in [[1, 1] + tensor.shape, [tensor.shape.reduce(1, *), 1, 1], []] {
                var changed = tensor
                changed.shape = shape
                changed.bytes = Array(tensor.bytes.prefix(4 * shape.reduce(1, *)))
                changes.append(changed)
            }
            for bits in [Float.nan.bitPattern, (-Float.infinity).bitPattern] {
                var changed = tensor
                changed.bytes.replaceSubrange(
                    changed.bytes.count - 4..<changed.bytes.count, with: GGUFBuilder.little(bits))
                changes.append(changed)
            }
            for changed in changes {
                var damaged = whole
                damaged.tensors[place] = changed
                let isRefused = try isRefused(damaged)
                #expect(isRefused || isOptional(tensor.name), "\(tensor.name) \(changed.shape)")
            }
        }
    }

    @Test("Weights so large that nothing computed is a number", arguments: names, Precision.allCases)
    func overflow(name: String, precision: Precision) throws {
        let whole = try EditedCheckpoint(name)
        for value: Float in [3e38, 1e20] {
            // A third of the tensors for each precision.
            let first = precision.rawValue.utf8.count % 3
            for place in stride(from: first, to: whole.tensors.count, by: 3) {
                var damaged = whole
                let count = damaged.tensors[place].bytes.count / 4
                damaged.tensors[place].bytes = (0..<count).flatMap { index in
                    GGUFBuilder.little((index % 3 == 1 ? -value : value).bitPattern)
                }
                try damaged.write(to: folder.url)
                exercise(try TransformerModel(Checkpoint(contentsOf: folder.url), precision: precision))
            }
        }
    }

    @Test("Random bytes of a model's files", arguments: ["tiny_bert", "tiny_t5_gated", "tiny_bart", "tiny_qwen2"])
    func bytes(name: String) throws {
        let whole = try EditedCheckpoint(name)
        try whole.write(to: folder.url)
        var generator = SeededGenerator(seed: 21)
        for file in ["config.json", "generation_config.json", "model.safetensors"] {
            let url = folder.url.appendingPathComponent(file)
            guard let original = try? [UInt8](Data(contentsOf: url)) else { continue }
            for _ in 0..<150 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    // Mostly the header, where there is one.
                    bytes[Int.random(in: 0..<min(bytes.count, 3_000), using: &generator)] =
                        UInt8.random(in: 0...255, using: &generator)
                }
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                }
                try EditedCheckpoint.write(bytes, to: url)
                if let model = try? TransformerModel(Checkpoint(contentsOf: folder.url)) { exercise(model) }
            }
            try EditedCheckpoint.write(original, to: url)
        }
    }

    @Test("Random bytes of a GGUF file", arguments: ["tiny_llama.gguf", "tiny_qwen2.gguf"])
    func ggufBytes(name: String) throws {
        let original = [UInt8](try Data(contentsOf: Fixture.url(name)))
        var generator = SeededGenerator(seed: 22)
        for round in 0..<300 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let end = round % 2 == 0 ? 2_000 : bytes.count
                bytes[Int.random(in: 0..<end, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let checkpoint = try? Checkpoint(gguf: FrozenArray(bytes), path: "damaged.gguf") else { continue }
            if let model = try? TransformerModel(checkpoint) { exercise(model) }
            _ = try? checkpoint.verify()
        }
    }

    @Test("Every number of config.json is absurd", arguments: names) func numbers(name: String) throws {
        let whole = try EditedCheckpoint(name)
        let absurd: [JSONValue] = [
            .number(0), .number(-1), .number(1), .number(3), .number(7), .number(1e-30), .number(1.5),
            .number(1_000_000), .number(1e18), .number(-1e300), .string("many"), .bool(true), .null,
            .array([.number(-3)]), .object([]),
        ]
        for member in whole.configuration {
            for value in absurd {
                var damaged = whole
                damaged.set(member.key, value)
                _ = try isRefused(damaged)
            }
            var damaged = whole
            damaged.set(member.key, nil)
            _ = try isRefused(damaged)
        }
    }

    @Test(
        "Impossible settings are refused",
        arguments: [
            ("tiny_t5", "num_layers", 0), ("tiny_t5", "num_decoder_layers", 0), ("tiny_t5", "num_heads", 3),
            ("tiny_t5", "relative_attention_num_buckets", 0), ("tiny_t5", "relative_attention_num_buckets", 1),
            ("tiny_t5", "relative_attention_num_buckets", 2), ("tiny_t5", "relative_attention_num_buckets", 3),
            ("tiny_t5", "relative_attention_max_distance", 0), ("tiny_t5", "relative_attention_max_distance", 4),
            ("tiny_t5", "layer_norm_epsilon", -1), ("tiny_t5", "vocab_size", 1 << 30), ("tiny_t5", "eos_token_id", 200),
            ("tiny_mpnet", "relative_attention_num_buckets", 2), ("tiny_mpnet", "num_attention_heads", 5),
            ("tiny_mpnet", "relative_attention_num_buckets", 4_096), ("tiny_mpnet", "num_hidden_layers", 0),
            ("tiny_bart", "decoder_layers", 0), ("tiny_bart", "encoder_attention_heads", 5),
            ("tiny_bart", "vocab_size", 1 << 23), ("tiny_bart", "decoder_start_token_id", -1),
            ("tiny_llama", "num_hidden_layers", 0), ("tiny_llama", "num_key_value_heads", 3),
            ("tiny_llama", "rms_norm_eps", -1), ("tiny_llama", "head_dim", 7), ("tiny_llama", "rope_theta", 0),
            ("tiny_qwen2", "num_key_value_heads", 8), ("tiny_bert", "max_position_embeddings", 0),
            ("tiny_bert", "num_hidden_layers", 100_000), ("tiny_xlmr", "max_position_embeddings", 2),
        ])
    func impossible(name: String, key: String, value: Int) throws {
        var damaged = try EditedCheckpoint(name)
        damaged.set(key, .number(Double(value)))
        #expect(try isRefused(damaged))
    }

    @Test(
        "A gate that the configuration or the weights alone have",
        arguments: [
            ("tiny_t5", "gated-gelu"), ("tiny_t5_gated", "relu"), ("tiny_t5_gated", nil),
        ])
    func gates(name: String, feedForward: String?) throws {
        var damaged = try EditedCheckpoint(name)
        damaged.set("feed_forward_proj", feedForward.map { .string($0) })
        #expect(try isRefused(damaged))
    }

    @Test("Sources that cannot be read", arguments: TinyModel.generators) func sources(name: String) throws {
        let model = try TinyModel.load(name)
        let vocabulary = Int32(model.configuration.vocabularySize)
        let bad: [[Int32]] = [[], [-1], [vocabulary], [3, .max], [.min, 3]]
        for source in bad {
            #expect(throws: ModelError.self) { try model.session([source]) }
            #expect(throws: ModelError.self) { try model.session([[3], source]) }
            if model.configuration.encoder != nil {
                #expect(throws: ModelError.self) { try model.encode([source]) }
                #expect(throws: ModelError.self) { try model.session([[3]], starts: source) }
            }
        }
        #expect(throws: ModelError.self) { try model.session([]) }
        guard let longest = (model.configuration.encoder ?? model.configuration.decoder)?.maximumLength else { return }
        _ = try model.session([Array(repeating: 3, count: longest)])
        #expect(throws: ModelError.self) { try model.session([Array(repeating: 3, count: longest + 1)]) }
    }

    @Test("A decoder without a token to start with") func starts() throws {
        var checkpoint = try EditedCheckpoint("tiny_bart")
        for key in ["decoder_start_token_id", "eos_token_id"] { checkpoint.set(key, nil) }
        checkpoint.generation = nil
        let model = try load(checkpoint)
        let error = #expect(throws: ModelError.self) { try model.session([[3, 4]]) }
        #expect(error?.description.contains("starts") == true)
        _ = try model.session([[3, 4]], starts: [2])
    }
}

@Suite("A session reads no further than its model") struct SessionBoundTests {
    private func scores(_ session: GenerationSession, _ states: [DecoderState]) -> StepScores {
        var scores = StepScores()
        session.score(states, into: &scores)
        return scores
    }

    private func count(_ scores: StepScores, _ row: Int) -> Int {
        var count = 0
        scores.forEachToken(ofRow: row) { _, _ in count += 1 }
        return count
    }

    @Test("A search ends where positions do", arguments: ["tiny_bart", "tiny_llama", "tiny_qwen2"])
    func positions(name: String) throws {
        let model = try TinyModel.load(name)
        let session = try model.session([[3, 4, 5]])
        let longest = try #require(session.maximumLength)
        let start = model.configuration.encoder == nil ? 3 : 1
        var state = session.initialState
        for length in start...longest {
            #expect(count(scores(session, [state]), 0) == session.vocabularySize, "\(length)")
            state = session.advance(state, by: 7)
        }
        // One that is too long among others changes nothing about them.
        let mixed = scores(session, [state, session.initialState, session.advance(state, by: 7), session.initialState])
        #expect(mixed.count == 4)
        #expect([0, 1, 2, 3].map { count(mixed, $0) } == [0, session.vocabularySize, 0, session.vocabularySize])
        let alone = scores(session, [session.initialState])
        for token in 0..<Int32(session.vocabularySize) {
            #expect(mixed.logProb(of: token, inRow: 1) == alone.logProb(of: token, inRow: 0))
            #expect(mixed.logProb(of: token, inRow: 3) == alone.logProb(of: token, inRow: 0))
        }
        var only = StepScores()
        session.score([state, session.initialState], only: [[3, 4], [3, -1, .max, 4]], into: &only)
        #expect(count(only, 0) == 0 && count(only, 1) == 2)
        let rule = Unconstrained(vocabularySize: session.vocabularySize)
        let results = SequenceSearch(.init(beams: 3, maximumLength: 10 * longest)).run(session, rule)
        #expect(results.allSatisfy { $0.tokens.count <= longest - start + 1 })
        let kept = BeamSearch(.init(beams: 2, maximumLength: longest + 20)).run(session, rule)
        #expect(kept.map(\.tokens.count).max() == longest - start + 1)
    }

    @Test("Given tokens beyond the positions or the vocabulary", arguments: TinyModel.generators)
    func givenTokens(name: String) throws {
        let session = try TinyModel.load(name).session([[3, 4, 5]])
        let steps = session.stepLogProbs(of: [7, 8, .max, 9])
        let whole = session.stepLogProbs(of: [7, 8])
        #expect(Array(steps.prefix(2)) == whole && steps[2] == -.infinity && steps[3] == -.infinity)
        #expect(session.stepLogProbs(of: [-1]) == [-.infinity])
        guard let longest = session.maximumLength else { return }
        let long = session.stepLogProbs(of: Array(repeating: 7, count: longest + 5))
        #expect(long.count == longest + 5 && long[0] > -.infinity && long[longest + 4] == -.infinity)
    }

    @Test("Tokens that no vocabulary has, and states that were never scored", arguments: TinyModel.generators)
    func states(name: String) throws {
        let session = try TinyModel.load(name).session([[3, 4, 5]])
        for token: Int32 in [-1, .min, .max, Int32(session.vocabularySize)] {
            let state = session.advance(session.initialState, by: token)
            #expect(count(scores(session, [state]), 0) == 0)
            #expect(count(scores(session, [session.advance(state, by: 3)]), 0) == 0)
        }
        let unscored = session.advance(session.advance(session.initialState, by: 7), by: 8)
        let own = scores(session, [unscored])
        let reference = session.distributions(of: [7, 8, 9])
        for token in 0..<session.vocabularySize {
            #expect(abs(own.logProb(of: Int32(token), inRow: 0) - reference[2, token]) < 1e-4)
        }
    }
}
