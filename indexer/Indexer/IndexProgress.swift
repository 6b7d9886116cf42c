import Engine

/// Where a build stands; enough for a line with rate and time left.
public struct IndexProgress: Sendable {
    public enum Stage: String, Sendable, CaseIterable {
        case vocabulary = "vocabulary"
        case reading = "reading"
        case suffixArray = "suffix array"
        case transform = "transform"
        case ranks = "ranks"
        case vectors = "vectors"
        case docidTree = "docid tree"
        case quantisedDocids = "quantised docids"
        case entries = "docid entries"
        case fusion = "fusion weights"
        case rerank = "reranking"
        case questions = "questions"
        case training = "generator"
        case tuningKeys = "keys"
        case tuning = "key constants"
    }

    public var stage: Stage
    /// The part done, 0 to 1; nil while a stage cannot tell.
    public var fraction: Double?
    /// What has been done, counted in `unit`.
    public var count: Int
    public var unit: String
    /// Seconds since the stage began.
    public var seconds: Double
    public var isFinished: Bool

    package init(
        stage: Stage, fraction: Double?, count: Int, unit: String, seconds: Double, isFinished: Bool
    ) {
        (self.stage, self.fraction, self.count, self.unit) = (stage, fraction, count, unit)
        (self.seconds, self.isFinished) = (seconds, isFinished)
    }

    /// Units a second.
    public var rate: Double { seconds > 0 ? Double(count) / seconds : 0 }

    /// Seconds left of the stage, by its rate so far.
    public var secondsLeft: Double? {
        guard let fraction, fraction > 0.005, !isFinished else { return nil }
        return seconds * (1 - fraction) / fraction
    }
}

/// Times stages and reports them, at most ten times a second.
final class StageClock {
    private let report: (IndexProgress) -> Void
    private let isCancelled: () -> Bool
    private var progress: IndexProgress?
    private var start = ContinuousClock.now
    private var lastReport = ContinuousClock.now
    /// Seconds of each finished stage, in order.
    private(set) var timings: [(stage: IndexProgress.Stage, seconds: Double)] = []

    init(report: @escaping (IndexProgress) -> Void, isCancelled: @escaping () -> Bool) {
        self.report = report
        self.isCancelled = isCancelled
    }

    /// Ends the stage at hand and begins another.
    func begin(_ stage: IndexProgress.Stage, unit: String) throws(IndexingError) {
        finish()
        try checkCancelled()
        start = .now
        lastReport = start
        let fresh = IndexProgress(
            stage: stage, fraction: nil, count: 0, unit: unit, seconds: 0, isFinished: false)
        progress = fresh
        report(fresh)
    }

    func update(count: Int, fraction: Double?) throws(IndexingError) {
        progress?.count = count
        progress?.fraction = fraction
        guard ContinuousClock.now - lastReport > .milliseconds(100), var now = progress else { return }
        try checkCancelled()
        lastReport = .now
        now.seconds = elapsed
        report(now)
    }

    func finish() {
        guard var last = progress else { return }
        last.seconds = elapsed
        last.fraction = 1
        last.isFinished = true
        timings.append((last.stage, last.seconds))
        progress = nil
        report(last)
    }

    func checkCancelled() throws(IndexingError) {
        if isCancelled() { throw .cancelled }
    }

    private var elapsed: Double { Engine.seconds(since: start) }
}
