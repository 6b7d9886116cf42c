import Memory
import Tensors

/// y = x W + b for rows x.
struct Linear: Sendable {
    let weight: PackedMatrix  // [in × out]
    let bias: FrozenArray<Float>?  // [out]

    /// Adds to `output` instead of replacing it where it `adds`.
    func apply(
        rows: Int, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        adds: Bool = false, _ scratch: ProductScratch
    ) {
        weight.multiply(rows: rows, input, into: output, bias: bias, adds: adds, scratch)
    }
}

struct NormWeights: Sendable {
    let gain: FrozenArray<Float>  // [d]
    let bias: FrozenArray<Float>?  // [d]
}

/// The parameters of one layer; d, h, a and g as in ``StackConfiguration``, f its feed-forward width.
struct LayerWeights: Sendable {
    struct Cross: Sendable {
        let query: Linear  // d → h·a
        let keyValue: Linear  // d → 2·g·a
        let output: Linear  // h·a → d
        let norm: NormWeights
    }

    let queryKeyValue: Linear  // d → h·a + 2·g·a
    let attentionOutput: Linear  // h·a → d
    let attentionNorm: NormWeights
    let cross: Cross?
    /// The gate's and the other half's outputs side by side where there is a gate.
    let up: Linear  // d → f or 2f
    let down: Linear  // f → d
    let feedForwardNorm: NormWeights
}

/// How a stack reads the word embeddings of another model.
struct WordMap: Sendable {
    /// Takes an embedding to the stack's space.
    let map: Linear  // d → d
    /// Embeddings of this stack's own, for the tokens after the vocabulary.
    let starts: FrozenArray<Float>  // [starts × d]
}

/// The parameters of a stack.
struct StackWeights: Sendable {
    let words: FrozenArray<Float>  // [vocabulary × d]
    /// Nil where the words are the stack's own.
    var wordMap: WordMap?
    let positions: FrozenArray<Float>?  // [positions × d]
    /// A text is of the first segment; of two texts read together the second is of the second one.
    let segments: FrozenArray<Float>?  // [segments × d]
    let embeddingNorm: NormWeights?
    let relativeBias: FrozenArray<Float>?  // [buckets × h]
    /// What each rotary angle is divided by.
    let rotaryDivisors: [Float]?  // [a / 2]
    let layers: [LayerWeights]
    let finalNorm: NormWeights?
}
