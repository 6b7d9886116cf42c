/// BART (Lewis et al. 2020), the model of SEAL and MINDER: learned positions that start at 2, the
/// norm after each sublayer.
enum BARTFamily: FamilyDescription {
    static let types = ["bart"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        let width = try reader.size("d_model", upTo: 1 << 16)
        let vocabulary = try reader.size("vocab_size", upTo: 1 << 24)
        let positions = try reader.size("max_position_embeddings", upTo: 1 << 20)
        let isScaled = try reader.flag("scale_embedding", standard: false)
        let activation = try reader.activation("activation_function", standard: "gelu")
        func stack(_ side: String) throws(ModelError) -> StackConfiguration {
            let heads = try reader.size(side + "_attention_heads", upTo: 1 << 10)
            let headWidth = try reader.headWidth(width, heads)
            return StackConfiguration(
                layerCount: try reader.size(side + "_layers", upTo: 1 << 10), width: width,
                headCount: heads, keyHeadCount: heads, headWidth: headWidth,
                feedForwardWidth: try reader.size(side + "_ffn_dim", upTo: 1 << 18),
                norm: .layer(epsilon: 1e-5), placement: .after, activation: activation,
                isGated: false, positions: .learned(count: positions + 2, offset: 2), biases: .all,
                attentionScale: 1 / Float(headWidth).squareRoot(),
                embeddingScale: isScaled ? Float(width).squareRoot() : 1, hasEmbeddingNorm: true,
                hasCrossAttention: side == "decoder", maximumLength: positions)
        }
        var configuration = ModelConfiguration(
            type: type, vocabularySize: vocabulary, encoder: try stack("encoder"),
            decoder: try stack("decoder"),
            output: .init(isTied: try reader.flag("tie_word_embeddings", standard: true), hasBias: true))
        let standard = try reader.token("eos_token_id", of: vocabulary)
        configuration.tokens.start =
            try reader.token("decoder_start_token_id", of: vocabulary) ?? standard
        configuration.tokens.ends = try reader.tokens("eos_token_id", of: vocabulary)
        configuration.tokens.forcedFirst = try reader.token("forced_bos_token_id", of: vocabulary)
        configuration.tokens.forcedLast = try reader.token("forced_eos_token_id", of: vocabulary)
        return configuration
    }

    static func names(_ checkpoint: Checkpoint) -> ModelNames {
        let prefix = checkpoint.contains("encoder.layernorm_embedding.weight") ? "" : "model."
        func stack(_ side: String) -> ModelNames.Stack {
            .init(
                words: ["shared", "encoder.embed_tokens", "decoder.embed_tokens"].map { prefix + $0 }
                    + ["lm_head"],
                positions: prefix + side + ".embed_positions",
                embeddingNorm: prefix + side + ".layernorm_embedding"
            ) { index in
                let name = prefix + side + ".layers.\(index)."
                func attention(_ path: String) -> ModelNames.Attention {
                    .init(
                        query: path + "q_proj", key: path + "k_proj", value: path + "v_proj",
                        output: path + "out_proj")
                }
                let isDecoder = side == "decoder"
                return .init(
                    attention: attention(name + "self_attn."),
                    attentionNorm: name + "self_attn_layer_norm",
                    cross: isDecoder ? attention(name + "encoder_attn.") : nil,
                    crossNorm: isDecoder ? name + "encoder_attn_layer_norm" : nil,
                    up: [name + "fc1"], down: name + "fc2", feedForwardNorm: name + "final_layer_norm")
            }
        }
        return ModelNames(
            encoder: stack("encoder"), decoder: stack("decoder"), output: "lm_head",
            outputBias: "final_logits_bias")
    }
}
