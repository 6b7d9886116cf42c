import Corpora
import Engine
import FMIndex

/// What a finished build says of itself.
public struct IndexReport: Sendable {
    public var manifest: IndexManifest
    public var corpus: CorpusReport
    /// Why the index was not refined; nil where it was, or nothing was asked for.
    public var refinementError: (any Error)?
    /// What the n-gram index holds, and what it takes a token.
    public var ngramProfile: FMIndex.Profile
    public var ngramBytesPerToken: Double
    /// Seconds of each stage, in order.
    public var timings: [(stage: String, seconds: Double)]
}
