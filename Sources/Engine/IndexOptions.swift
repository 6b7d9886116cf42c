import Corpora
import FMIndex
import Ranking
import Tensors

/// How an index is built; stored with it.
public struct IndexOptions: Codable, Sendable, Equatable {
    public var corpus = CorpusOptions()
    /// The encoder's name in the model cache; nil builds without one.
    public var encoder: String? = "all-MiniLM-L6-v2"
    /// The encoder's precision while it encodes passages; nil is single. Questions are always encoded
    /// in single precision.
    public var encoderPrecision: Precision?
    public var analyzer = TermAnalyzer()
    /// What the n-gram index holds; nil chooses by the corpus' size.
    public var ngramProfile: FMIndex.Profile?
    /// The docid tree: children a node, and passages a leaf.
    public var fanout = 32
    public var leafSize = 32
    /// Residual-quantised docids: levels, and codewords a level.
    public var quantiserLevels = 8
    public var quantiserCodewords = 256
    /// How many pseudo-queries estimate the fusion weights; 0 leaves them equal.
    public var pseudoQueries = 400
    public var seed: UInt64 = 1
    /// The memory, in bytes, that the build keeps to by cutting the index into segments; nil makes one.
    public var maxMemory: Int?

    public init() {}
}
