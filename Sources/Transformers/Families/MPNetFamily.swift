/// MPNet (Song et al. 2020): BERT with relative position biases beside the learned positions.
enum MPNetFamily: FamilyDescription {
    static let types = ["mpnet"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        let width = try reader.size("hidden_size", upTo: 1 << 16)
        let heads = try reader.size("num_attention_heads", upTo: 1 << 10)
        let headWidth = try reader.headWidth(width, heads)
        let offset = try reader.size("pad_token_id", upTo: 1 << 10, standard: 1) + 1
        let positions = try reader.size("max_position_embeddings", upTo: 1 << 20)
        guard positions > offset else { throw reader.fault("max_position_embeddings is too small") }
        // The reference implementation has this number in its code.
        let relative = try reader.relativePositions(furthest: 128, isBidirectional: true)
        return ModelConfiguration(
            type: type, vocabularySize: try reader.size("vocab_size", upTo: 1 << 24),
            encoder: StackConfiguration(
                layerCount: try reader.size("num_hidden_layers", upTo: 1 << 10), width: width,
                headCount: heads, keyHeadCount: heads, headWidth: headWidth,
                feedForwardWidth: try reader.size("intermediate_size", upTo: 1 << 18),
                norm: .layer(epsilon: try reader.epsilon("layer_norm_eps", standard: 1e-12)),
                placement: .after, activation: try reader.activation("hidden_act", standard: "gelu"),
                isGated: false,
                positions: .learnedAndRelative(count: positions, offset: offset, relative),
                biases: .all, attentionScale: 1 / Float(headWidth).squareRoot(),
                hasEmbeddingNorm: true, maximumLength: positions - offset))
    }

    static func names(_ checkpoint: Checkpoint) -> ModelNames {
        let prefix = checkpoint.contains("mpnet.embeddings.LayerNorm.weight") ? "mpnet." : ""
        return ModelNames(
            encoder: .init(
                words: [prefix + "embeddings.word_embeddings"],
                positions: prefix + "embeddings.position_embeddings",
                embeddingNorm: prefix + "embeddings.LayerNorm",
                relativeBias: prefix + "encoder.relative_attention_bias"
            ) { index in
                let name = prefix + "encoder.layer.\(index)."
                let attention = name + "attention.attn."
                return .init(
                    attention: .init(
                        query: attention + "q", key: attention + "k", value: attention + "v",
                        output: attention + "o"),
                    attentionNorm: name + "attention.LayerNorm", up: [name + "intermediate.dense"],
                    down: name + "output.dense", feedForwardNorm: name + "output.LayerNorm")
            })
    }
}
