/// MPNet (Song et al. 2020): BERT with relative position biases beside the learned positions.
enum MPNetFamily: FamilyDescription {
    static let types = ["mpnet"]

    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration {
        var encoder = try BERTFamily.encoder(
            reader, offset: reader.size("pad_token_id", upTo: 1 << 10, standard: 1) + 1)
        if case .learned(let count, let offset) = encoder.positions {
            // The reference implementation has the furthest distance in its code.
            encoder.positions = .learnedAndRelative(
                count: count, offset: offset,
                try reader.relativePositions(furthest: 128, isBidirectional: true))
        }
        return ModelConfiguration(
            type: type, vocabularySize: try reader.size("vocab_size", upTo: 1 << 24), encoder: encoder)
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
