import Memory
import Tensors

/// The immutable parameters of a BERT encoder (h = hidden size, f = feed-forward size).
struct BertWeights: Sendable {
    struct LayerNorm: Sendable {
        let gain: FrozenArray<Float>  // [h]
        let bias: FrozenArray<Float>  // [h]
    }

    struct Linear: Sendable {
        let weight: PackedMatrix  // [in × out]
        let bias: FrozenArray<Float>  // [out]
    }

    struct Layer: Sendable {
        let queryKeyValue: Linear  // h → 3h
        let attentionOutput: Linear  // h → h
        let attentionNorm: LayerNorm
        let intermediate: Linear  // h → f
        let output: Linear  // f → h
        let outputNorm: LayerNorm
    }

    let words: FrozenArray<Float>  // [vocabulary × h]
    let positions: FrozenArray<Float>  // [positions × h]
    let types: FrozenArray<Float>  // [types × h]
    let embeddingNorm: LayerNorm
    let layers: [Layer]

    /// Reads the tensors of a Hugging Face BERT, whose names may start with "bert.".
    ///
    /// - Throws: ``ModelError`` when a tensor is missing or has another shape.
    init(_ file: Safetensors, _ configuration: ModelConfiguration) throws(ModelError) {
        let loader = BertLoader(file: file, configuration: configuration)
        let h = configuration.hiddenSize
        words = try loader.floats(
            "embeddings.word_embeddings.weight", [configuration.vocabularySize, h])
        positions = try loader.floats(
            "embeddings.position_embeddings.weight", [configuration.maxPositions, h])
        types = try loader.floats(
            "embeddings.token_type_embeddings.weight", [configuration.typeCount, h])
        embeddingNorm = try loader.norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for index in 0..<configuration.layerCount {
            layers.append(try loader.layer("encoder.layer.\(index)."))
        }
        self.layers = layers
    }
}

/// Finds tensors by their Hugging Face names.
private struct BertLoader {
    let file: Safetensors
    let configuration: ModelConfiguration

    func floats(_ name: String, _ shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        let prefixed = "bert." + name
        return try file.floats(file.entry(prefixed) == nil ? name : prefixed, shape: shape)
    }

    func norm(_ name: String) throws(ModelError) -> BertWeights.LayerNorm {
        let h = configuration.hiddenSize
        return .init(
            gain: try floats(name + ".weight", [h]), bias: try floats(name + ".bias", [h]))
    }

    /// Linear layers whose outputs are laid side by side, so that one product computes them all.
    func linear(_ names: [String], from inner: Int, to outer: Int) throws(ModelError) -> BertWeights.Linear {
        var weights: [Float] = []
        var biases: [Float] = []
        for name in names {
            weights += try floats(name + ".weight", [outer, inner]).toArray()
            biases += try floats(name + ".bias", [outer]).toArray()
        }
        let packed = weights.withUnsafeBufferPointer {
            PackedMatrix(transposing: $0, columns: names.count * outer, inner: inner)
        }
        return .init(weight: packed, bias: FrozenArray(biases))
    }

    func layer(_ name: String) throws(ModelError) -> BertWeights.Layer {
        let (h, f) = (configuration.hiddenSize, configuration.intermediateSize)
        let attention = name + "attention.self."
        return .init(
            queryKeyValue: try linear(
                ["query", "key", "value"].map { attention + $0 }, from: h, to: h),
            attentionOutput: try linear([name + "attention.output.dense"], from: h, to: h),
            attentionNorm: try norm(name + "attention.output.LayerNorm"),
            intermediate: try linear([name + "intermediate.dense"], from: h, to: f),
            output: try linear([name + "output.dense"], from: f, to: h),
            outputNorm: try norm(name + "output.LayerNorm"))
    }
}
