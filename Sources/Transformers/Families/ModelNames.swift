/// What the tensors of a checkpoint are called, without ".weight" and ".bias".
struct ModelNames {
    struct Attention {
        var query, key, value, output: String
    }

    struct Layer {
        var attention: Attention
        var attentionNorm: String
        var cross: Attention?
        var crossNorm: String?
        /// The gate first, where there is one.
        var up: [String]
        var down: String
        var feedForwardNorm: String
    }

    struct Stack {
        /// Names that the word embeddings may have.
        var words: [String]
        var positions: String?
        var segments: String?
        var embeddingNorm: String?
        var relativeBias: String?
        var finalNorm: String?
        var layer: (Int) -> Layer
    }

    var encoder: Stack?
    var decoder: Stack?
    /// The language-model head's weights, where they are not the word embeddings.
    var output: String?
    /// A tensor [1 × vocabulary] or [vocabulary], whose name has no ".bias".
    var outputBias: String?
}
