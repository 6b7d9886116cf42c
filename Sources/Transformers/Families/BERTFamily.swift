/// BERT (Devlin et al. 2019), RoBERTa and XLM-R (Conneau et al. 2020): encoders with learned
/// positions and the norm after each sublayer.
enum BERTFamily: FamilyDescription {
    static let types = ["bert", "roberta", "xlm-roberta"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        try reader.require("position_embedding_type", "absolute")
        // RoBERTa counts positions from the one after its padding token's number.
        let offset = type == "bert" ? 0 : try reader.size("pad_token_id", upTo: 1 << 10, standard: 1) + 1
        var encoder = try encoder(reader, offset: offset)
        encoder.segmentCount = try reader.size("type_vocab_size", upTo: 1 << 10, standard: 2)
        return ModelConfiguration(
            type: type, vocabularySize: try reader.size("vocab_size", upTo: 1 << 24), encoder: encoder)
    }

    /// BERT's stack without segments, its positions counted from `offset`.
    static func encoder(
        _ reader: ConfigurationReader, offset: Int
    ) throws(ModelError) -> StackConfiguration {
        let width = try reader.size("hidden_size", upTo: 1 << 16)
        let heads = try reader.size("num_attention_heads", upTo: 1 << 10)
        let headWidth = try reader.headWidth(width, heads)
        let positions = try reader.size("max_position_embeddings", upTo: 1 << 20)
        guard positions > offset else { throw reader.fault("max_position_embeddings is too small") }
        return StackConfiguration(
            layerCount: try reader.size("num_hidden_layers", upTo: 1 << 10), width: width,
            headCount: heads, keyHeadCount: heads, headWidth: headWidth,
            feedForwardWidth: try reader.size("intermediate_size", upTo: 1 << 18),
            norm: .layer(epsilon: try reader.epsilon("layer_norm_eps", standard: 1e-12)),
            placement: .after, activation: try reader.activation("hidden_act", standard: "gelu"),
            isGated: false, positions: .learned(count: positions, offset: offset), biases: .all,
            attentionScale: 1 / Float(headWidth).squareRoot(), hasEmbeddingNorm: true,
            maximumLength: positions - offset)
    }

    static func names(_ checkpoint: Checkpoint) -> ModelNames {
        let prefix = ["bert.", "roberta."].first { checkpoint.contains($0 + "embeddings.LayerNorm.weight") } ?? ""
        return ModelNames(
            encoder: .init(
                words: [prefix + "embeddings.word_embeddings"],
                positions: prefix + "embeddings.position_embeddings",
                segments: prefix + "embeddings.token_type_embeddings",
                embeddingNorm: prefix + "embeddings.LayerNorm"
            ) { index in
                let name = prefix + "encoder.layer.\(index)."
                return .init(
                    attention: .init(
                        query: name + "attention.self.query", key: name + "attention.self.key",
                        value: name + "attention.self.value", output: name + "attention.output.dense"),
                    attentionNorm: name + "attention.output.LayerNorm",
                    up: [name + "intermediate.dense"], down: name + "output.dense",
                    feedForwardNorm: name + "output.LayerNorm")
            })
    }
}
