import Storage

/// Llama (Touvron et al. 2023), SmolLM2 and Qwen2: decoders alone, with rotary positions, heads that
/// share keys, and gated feed-forward layers.
enum LlamaFamily: FamilyDescription {
    static let types = ["llama", "qwen2"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        let width = try reader.size("hidden_size", upTo: 1 << 16)
        let vocabulary = try reader.size("vocab_size", upTo: 1 << 24)
        let heads = try reader.size("num_attention_heads", upTo: 1 << 10)
        let keyHeads = try reader.size("num_key_value_heads", upTo: 1 << 10, standard: heads)
        guard heads % keyHeads == 0 else {
            throw reader.fault("num_attention_heads must be a multiple of num_key_value_heads")
        }
        let headWidth =
            if reader.json["head_dim"].map(\.isNull) ?? true {
                try reader.headWidth(width, heads)
            } else {
                try reader.size("head_dim", upTo: 1 << 12)
            }
        guard headWidth % 2 == 0 else { throw reader.fault("the width of a head must be even") }
        guard try !reader.flag("use_sliding_window", standard: false) else {
            throw reader.unsupported("use_sliding_window is true; sliding windows are not supported")
        }
        // Qwen2 has biases of queries, keys and values in any case.
        let biases = type == "qwen2" ? ["mlp_bias"] : ["attention_bias", "mlp_bias"]
        for name in biases where try reader.flag(name, standard: false) {
            throw reader.unsupported("\(name) is true; expected false")
        }
        let longest = try reader.size("max_position_embeddings", upTo: 1 << 24, standard: 2_048)
        var configuration = ModelConfiguration(
            type: type, vocabularySize: vocabulary,
            decoder: StackConfiguration(
                layerCount: try reader.size("num_hidden_layers", upTo: 1 << 10), width: width,
                headCount: heads, keyHeadCount: keyHeads, headWidth: headWidth,
                feedForwardWidth: try reader.size("intermediate_size", upTo: 1 << 18),
                norm: .rootMeanSquare(epsilon: try reader.epsilon("rms_norm_eps", standard: 1e-6)),
                placement: .before, activation: try reader.activation("hidden_act", standard: "silu"),
                isGated: true, positions: .rotary(try RotaryPositions(reader)),
                biases: type == "qwen2" ? .queryKeyValue : .none,
                attentionScale: 1 / Float(headWidth).squareRoot(), hasFinalNorm: true,
                maximumLength: longest),
            output: .init(isTied: try reader.flag("tie_word_embeddings", standard: false)))
        configuration.tokens.start = try reader.token("bos_token_id", of: vocabulary)
        configuration.tokens.ends = try reader.tokens("eos_token_id", of: vocabulary)
        return configuration
    }

    static func names(_ checkpoint: Checkpoint) -> ModelNames {
        let prefix = checkpoint.contains("norm.weight") ? "" : "model."
        return ModelNames(
            decoder: .init(words: [prefix + "embed_tokens"], finalNorm: prefix + "norm") { index in
                let name = prefix + "layers.\(index)."
                let attention = name + "self_attn."
                return .init(
                    attention: .init(
                        query: attention + "q_proj", key: attention + "k_proj",
                        value: attention + "v_proj", output: attention + "o_proj"),
                    attentionNorm: name + "input_layernorm",
                    up: [name + "mlp.gate_proj", name + "mlp.up_proj"], down: name + "mlp.down_proj",
                    feedForwardNorm: name + "post_attention_layernorm")
            },
            output: "lm_head")
    }
}
