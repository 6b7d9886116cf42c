import CKernels

/// What a stack of transformer layers is made of.
///
/// A family names its parts here; the layers themselves are written once. The width of token
/// states is d, that of a head is a, of which there are h for queries and g for keys and values.
package struct StackConfiguration: Sendable, Equatable {
    package enum Norm: Sendable, Equatable {
        /// Ba, Kiros and Hinton 2016.
        case layer(epsilon: Float)
        /// Without mean and bias (Zhang and Sennrich 2019).
        case rootMeanSquare(epsilon: Float)
    }

    /// Where a sublayer's norm stands: f(norm(x)) + x, or norm(f(x) + x).
    package enum Placement: Sendable, Equatable {
        case before
        case after
    }

    package enum Activation: Sendable, Equatable {
        case relu
        case gelu
        case geluTanh
        case silu
    }

    package enum Positions: Sendable, Equatable {
        /// A vector for each position, counted from `offset`.
        case learned(count: Int, offset: Int)
        /// A bias for each head and bucket of distances (Raffel et al. 2020).
        case relative(RelativePositions)
        /// Both: what MPNet has.
        case learnedAndRelative(count: Int, offset: Int, RelativePositions)
        /// Queries and keys turn by their position (Su et al. 2021).
        case rotary(RotaryPositions)
    }

    /// Which linear layers have a bias.
    package enum Biases: Sendable, Equatable {
        case none
        case all
        /// Only where queries, keys and values are made.
        case queryKeyValue
    }

    package var layerCount: Int
    /// d
    package var width: Int
    /// h
    package var headCount: Int
    /// g, a divisor of h.
    package var keyHeadCount: Int
    /// a
    package var headWidth: Int
    /// The width between the two feed-forward products.
    package var feedForwardWidth: Int
    package var norm: Norm
    package var placement: Placement
    package var activation: Activation
    /// Whether the activation of one product gates another (Shazeer 2020).
    package var isGated: Bool
    package var positions: Positions
    package var biases: Biases
    /// What query-key products are multiplied by.
    package var attentionScale: Float
    /// What word embeddings are multiplied by.
    package var embeddingScale: Float = 1
    /// Kinds of segments; 0 where there are no segment embeddings.
    package var segmentCount = 0
    package var hasEmbeddingNorm = false
    package var hasFinalNorm = false
    /// Whether layers also attend to an encoder's states.
    package var hasCrossAttention = false
    /// The most tokens of a sequence; nil where positions do not end.
    package var maximumLength: Int?

    /// h · a
    var queryWidth: Int { headCount * headWidth }
    /// g · a
    var keyWidth: Int { keyHeadCount * headWidth }
}

extension StackConfiguration.Activation {
    /// The kernels' name.
    var kernel: CInt {
        switch self {
        case .relu: CInt(CK_RELU)
        case .gelu: CInt(CK_GELU)
        case .geluTanh: CInt(CK_GELU_TANH)
        case .silu: CInt(CK_SILU)
        }
    }
}
