/// T5, T5 v1.1 and Flan (Raffel et al. 2020; Shazeer 2020): relative position biases that all layers
/// of a stack share, norms before the sublayers without mean and bias, no scaling of attention.
enum T5Family: FamilyDescription {
    static let types = ["t5", "mt5"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        let width = try reader.size("d_model", upTo: 1 << 16)
        let heads = try reader.size("num_heads", upTo: 1 << 10)
        let layers = try reader.size("num_layers", upTo: 1 << 10)
        let vocabulary = try reader.size("vocab_size", upTo: 1 << 24)
        let (activation, isGated) = try feedForward(reader)
        func relative(_ isBidirectional: Bool) throws(ModelError) -> StackConfiguration.Positions {
            .relative(
                try reader.relativePositions(
                    furthest: reader.size("relative_attention_max_distance", upTo: 1 << 20, standard: 128),
                    isBidirectional: isBidirectional))
        }
        let encoder = StackConfiguration(
            layerCount: layers, width: width, headCount: heads, keyHeadCount: heads,
            headWidth: try reader.size("d_kv", upTo: 1 << 12, standard: 64),
            feedForwardWidth: try reader.size("d_ff", upTo: 1 << 18),
            norm: .rootMeanSquare(epsilon: try reader.epsilon("layer_norm_epsilon", standard: 1e-6)),
            placement: .before, activation: activation, isGated: isGated,
            positions: try relative(true), biases: .none, attentionScale: 1, hasFinalNorm: true)
        var decoder = encoder
        decoder.layerCount = try reader.size("num_decoder_layers", upTo: 1 << 10, standard: layers)
        decoder.positions = try relative(false)
        decoder.hasCrossAttention = true
        let isTied = try reader.flag("tie_word_embeddings", standard: true)
        var configuration = ModelConfiguration(
            type: type, vocabularySize: vocabulary, encoder: encoder, decoder: decoder,
            output: .init(isTied: isTied, scale: isTied ? 1 / Float(width).squareRoot() : 1))
        let standard = try reader.token("pad_token_id", of: vocabulary)
        configuration.tokens.start =
            try reader.token("decoder_start_token_id", of: vocabulary) ?? standard ?? 0
        configuration.tokens.ends = try reader.tokens("eos_token_id", of: vocabulary)
        return configuration
    }

    /// "relu", or "gated-gelu", which means gelu by tanh.
    private static func feedForward(
        _ reader: ConfigurationReader
    ) throws(ModelError) -> (StackConfiguration.Activation, isGated: Bool) {
        let word = try reader.word("feed_forward_proj", standard: "relu")
        let isGated = word.hasPrefix("gated-")
        let name = isGated ? String(word.dropFirst(6)) : word
        guard let activation = ConfigurationReader.activation(named: word == "gated-gelu" ? "gelu_new" : name) else {
            throw reader.unsupported("feed_forward_proj is \(word); expected relu or gated-gelu")
        }
        return (activation, isGated)
    }

    static func names(_ checkpoint: Checkpoint) -> ModelNames {
        ModelNames(
            encoder: stack("encoder", checkpoint), decoder: stack("decoder", checkpoint),
            output: "lm_head")
    }

    private static func stack(_ side: String, _ checkpoint: Checkpoint) -> ModelNames.Stack {
        let isDecoder = side == "decoder"
        return .init(
            words: ["shared", side + ".embed_tokens", "encoder.embed_tokens", "decoder.embed_tokens"],
            relativeBias: side + ".block.0.layer.0.SelfAttention.relative_attention_bias",
            finalNorm: side + ".final_layer_norm"
        ) { index in
            let name = side + ".block.\(index).layer."
            func attention(_ path: String) -> ModelNames.Attention {
                .init(query: path + "q", key: path + "k", value: path + "v", output: path + "o")
            }
            let last = name + (isDecoder ? "2." : "1.")
            let dense = last + "DenseReluDense."
            let gated = checkpoint.contains(dense + "wi_0.weight")
            return .init(
                attention: attention(name + "0.SelfAttention."),
                attentionNorm: name + "0.layer_norm",
                cross: isDecoder ? attention(name + "1.EncDecAttention.") : nil,
                crossNorm: isDecoder ? name + "1.layer_norm" : nil,
                up: gated ? [dense + "wi_0", dense + "wi_1"] : [dense + "wi"], down: dense + "wo",
                feedForwardNorm: last + "layer_norm")
        }
    }
}
