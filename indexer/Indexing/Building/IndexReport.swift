import Corpora
import Engine
import FMIndex
import IndexStore

/// What a finished build says of itself.
public struct IndexReport: Sendable {
    public var manifest: IndexManifest
    public var corpus: CorpusReport
    /// How the generator was refined, or why the index has none though it was to be given one; nil where it was
    /// not.
    public var refinement: Refinement?

    public typealias Refinement = Result<GeneratorRefinement.Report, any Error>
    /// How vectors were made; nil where there are none.
    public var vectors: VectorReport?
    /// What the n-gram index holds, and what it takes a token.
    public var ngramProfile: NgramProfile
    public var ngramBytesPerToken: Double
    /// Seconds of each stage, in order.
    public var timings: [(stage: String, seconds: Double)]
    /// Of the whole build.
    public var seconds: Double
}

/// How the vectors of passages were made.
public struct VectorReport: Sendable, Equatable {
    /// Passages whose vectors are the encoder's own, of all.
    public var encoded: Int
    public var total: Int
    /// The mean cosine of static vectors to the encoder's; nil where no static encoder was fitted.
    public var cosine: Double?
}
