import CKernels

/// What a stack of transformer layers is made of.
///
/// A family names its parts here; the layers themselves are written once. The width of token
/// states is d, that of a head is a, of which there are h for queries and g for keys and values.
public struct StackConfiguration: Sendable, Equatable {
    public enum Norm: Sendable, Equatable {
        /// Ba, Kiros and Hinton 2016.
        case layer(epsilon: Float)
        /// Without mean and bias (Zhang and Sennrich 2019).
        case rootMeanSquare(epsilon: Float)
    }

    /// Where a sublayer's norm stands: f(norm(x)) + x, or norm(f(x) + x).
    public enum Placement: Sendable, Equatable {
        case before
        case after
    }

    public enum Activation: Sendable, Equatable {
        case relu
        case gelu
        case geluTanh
        case silu
    }

    public enum Positions: Sendable, Equatable {
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
    public enum Biases: Sendable, Equatable {
        case none
        case all
        /// Only where queries, keys and values are made.
        case queryKeyValue
    }

    public var layerCount: Int
    /// d
    public var width: Int
    /// h
    public var headCount: Int
    /// g, a divisor of h.
    public var keyHeadCount: Int
    /// a
    public var headWidth: Int
    /// The width between the two feed-forward products.
    public var feedForwardWidth: Int
    public var norm: Norm
    public var placement: Placement
    public var activation: Activation
    /// Whether the activation of one product gates another (Shazeer 2020).
    public var isGated: Bool
    public var positions: Positions
    public var biases: Biases
    /// What query-key products are multiplied by.
    public var attentionScale: Float
    /// What word embeddings are multiplied by.
    public var embeddingScale: Float = 1
    /// Kinds of segments; 0 where there are no segment embeddings.
    public var segmentCount = 0
    public var hasEmbeddingNorm = false
    public var hasFinalNorm = false
    /// Whether layers also attend to an encoder's states.
    public var hasCrossAttention = false
    /// The most tokens of a sequence; nil where positions do not end.
    public var maximumLength: Int?

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
