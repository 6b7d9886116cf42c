import Corpora
import Engine

/// What a finished build says of itself.
public struct IndexReport: Sendable {
    public var manifest: IndexManifest
    public var corpus: CorpusReport
    /// Seconds of each stage, in order.
    public var timings: [(stage: String, seconds: Double)]
}
