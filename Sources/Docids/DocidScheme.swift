/// The ways to make docids of vectors.
public enum DocidScheme: String, Sendable, Codable, CaseIterable {
    /// Hierarchical k-means (DSI, Tay et al. 2022).
    case tree
    /// Residual quantisation: the sum of one codeword a level (RIPOR, Zeng et al. 2024).
    case rq
    /// Product quantisation: a codeword for each part of the vector (Ultron, Zhou et al. 2022).
    case pq
    /// One step over all documents (DynamicRetriever, Zhou et al. 2023).
    case atomic
    /// A running number in decimal digits (DSI).
    case naive
    /// The digits of a k-means tree, the same at every level (DSI).
    case semantic
    /// The digits of a k-means tree, each level with its own tokens (NCI, Wang et al. 2022).
    case position
    /// The same tokens, written with output weights that depend on the prefix (NCI's adaptor).
    case pawa
    /// Residual and product codes as tokens of their own (RIPOR, Ultron).
    case rqCodes = "rq-codes"
    case pqCodes = "pq-codes"

    /// Whether prefixes are scored by code vectors; else a network learns to write the tokens.
    public var isAnchored: Bool {
        switch self {
        case .tree, .rq, .pq, .atomic: true
        case .naive, .semantic, .position, .pawa, .rqCodes, .pqCodes: false
        }
    }

    /// Whether the network that writes the tokens has output weights for each prefix.
    package var isPrefixAware: Bool { self == .pawa }

    package static var anchored: [DocidScheme] { allCases.filter(\.isAnchored) }
    package static var sequential: [DocidScheme] { allCases.filter { !$0.isAnchored } }
}
