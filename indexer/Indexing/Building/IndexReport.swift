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
    /// What the n-gram index holds, and what it takes a token.
    public var ngramProfile: NgramProfile
    public var ngramBytesPerToken: Double
    /// Seconds of each stage, in order.
    public var timings: [(stage: String, seconds: Double)]
    /// Of the whole build.
    public var seconds: Double
}
