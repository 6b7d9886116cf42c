import Storage

/// Translates a decoder's GGUF metadata into what its `config.json` would say.
struct GGUFMetadata {
    let file: GGUFFile
    let architecture: String

    /// The value of a key of the architecture.
    private func value(_ key: String) -> GGUFValue? {
        file.metadata["\(architecture).\(key)"]
    }

    private func fault(_ reason: String) -> ModelError {
        .malformed(path: file.path, reason: reason)
    }

    /// A number in 1...limit.
    func size(_ key: String, upTo limit: Int, default fallback: Int? = nil) throws(ModelError) -> Int {
        guard let value = value(key) else {
            if let fallback { return fallback }
            throw fault("there is no \(architecture).\(key)")
        }
        guard let number = value.int, number > 0, number <= limit else {
            throw fault("\(architecture).\(key) must be a number in 1...\(limit)")
        }
        return number
    }

    private func number(_ key: String, default fallback: Double) throws(ModelError) -> Double {
        guard let value = value(key) else { return fallback }
        guard let number = value.number, number.isFinite, number > 0 else {
            throw fault("\(architecture).\(key) must be a positive number")
        }
        return number
    }

    func configuration(
        vocabularySize: Int?, isTied: Bool, hasAttentionBias: Bool
    ) throws(ModelError) -> JSONValue {
        guard let vocabularySize, vocabularySize > 0 else { throw fault("there is no token_embd.weight") }
        let hidden = try size("embedding_length", upTo: 1 << 16)
        let heads = try size("attention.head_count", upTo: 1 << 10)
        let headSize = try size(
            "attention.key_length", upTo: 1 << 12,
            default: size("rope.dimension_count", upTo: 1 << 12, default: max(1, hidden / heads)))
        func whole(_ value: Int) -> JSONValue { .number(Double(value)) }
        var members: [JSONValue.Member] = [
            .init("model_type", .string(architecture)),
            .init(
                "architectures",
                .array([.string(architecture == "qwen2" ? "Qwen2ForCausalLM" : "LlamaForCausalLM")])),
            .init("hidden_act", .string("silu")),
            .init("hidden_size", whole(hidden)),
            .init("intermediate_size", whole(try size("feed_forward_length", upTo: 1 << 18))),
            .init("num_hidden_layers", whole(try size("block_count", upTo: 1 << 10))),
            .init("num_attention_heads", whole(heads)),
            .init(
                "num_key_value_heads",
                whole(try size("attention.head_count_kv", upTo: 1 << 10, default: heads))),
            .init("head_dim", whole(headSize)),
            .init("max_position_embeddings", whole(try size("context_length", upTo: 1 << 30))),
            .init("vocab_size", whole(vocabularySize)),
            .init(
                "rms_norm_eps", .number(try number("attention.layer_norm_rms_epsilon", default: 1e-6))),
            .init("rope_theta", .number(try number("rope.freq_base", default: 10_000))),
            .init("rope_scaling", try ropeScaling()),
            .init("attention_bias", .bool(hasAttentionBias)),
            .init("tie_word_embeddings", .bool(isTied)),
        ]
        members += tokens
        return .object(members)
    }

    private func ropeScaling() throws(ModelError) -> JSONValue {
        guard let type = value("rope.scaling.type")?.string, type != "none" else { return .null }
        var members: [JSONValue.Member] = [
            .init("rope_type", .string(type)),
            .init("factor", .number(try number("rope.scaling.factor", default: 1))),
        ]
        if value("rope.scaling.original_context_length") != nil {
            let length = try size("rope.scaling.original_context_length", upTo: 1 << 30)
            members.append(.init("original_max_position_embeddings", .number(Double(length))))
        }
        return .object(members)
    }

    /// The numbers of the tokens with a meaning of their own.
    private var tokens: [JSONValue.Member] {
        [("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")].compactMap {
            let (name, own) = $0
            guard let id = file.metadata["tokenizer.ggml.\(own)_token_id"]?.int else { return nil }
            return JSONValue.Member(name, .number(Double(id)))
        }
    }

    /// What `generation_config.json` would say: the tokens, with the end of a chat's turn as a
    /// second end where it is another.
    var generation: JSONValue {
        var members = tokens
        if let turn = file.metadata["tokenizer.ggml.eot_token_id"]?.int,
            let place = members.firstIndex(where: { $0.key == "eos_token_id" }),
            let end = members[place].value.number, end != Double(turn)
        {
            members[place] = .init("eos_token_id", .array([.number(end), .number(Double(turn))]))
        }
        return .object(members)
    }
}
