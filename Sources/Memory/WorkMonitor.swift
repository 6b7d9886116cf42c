/// Where long work stands; enough for a line with rate and time left.
public struct WorkProgress: Sendable {
    /// What is being done: "reading", "suffix array".
    public var stage: String
    /// The part done, 0 to 1; nil while a stage cannot tell.
    public var fraction: Double?
    /// What has been done, counted in `unit`.
    public var count: Int
    public var unit: String
    /// Seconds since the stage began.
    public var seconds: Double
    public var isFinished: Bool
    /// What else there is to say, such as a training's loss.
    public var detail: String?
    /// Whether this is worth a line of its own where lines are not rewritten.
    public var isMilestone = false

    public init(
        stage: String, fraction: Double? = nil, count: Int = 0, unit: String, seconds: Double = 0,
        isFinished: Bool = false, detail: String? = nil
    ) {
        (self.stage, self.fraction, self.count, self.unit) = (stage, fraction, count, unit)
        (self.seconds, self.isFinished, self.detail) = (seconds, isFinished, detail)
    }

    /// Units a second.
    public var rate: Double { seconds > 0 ? Double(count) / seconds : 0 }

    /// Seconds left of the stage, by its rate so far.
    public var secondsLeft: Double? {
        guard let fraction, fraction > 0.005, !isFinished else { return nil }
        return seconds * (1 - fraction) / fraction
    }
}

/// Who hears of long work, and may end it.
public struct WorkMonitor: Sendable {
    public var report: @Sendable (WorkProgress) -> Void
    public var cancellation: Cancellation

    public init(
        cancellation: Cancellation = .never, report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) {
        (self.report, self.cancellation) = (report, cancellation)
    }

    /// Nobody.
    public static let silent = WorkMonitor()
}

/// Times the stages of work and reports them, at most ten times a second.
public final class WorkClock {
    public let monitor: WorkMonitor
    private var progress: WorkProgress?
    private var start = ContinuousClock.now
    private var lastReport = ContinuousClock.now
    /// Seconds of each finished stage, in order.
    public private(set) var timings: [(stage: String, seconds: Double)] = []

    public init(_ monitor: WorkMonitor) { self.monitor = monitor }

    /// Ends the stage at hand and begins another.
    ///
    /// - Throws: ``Cancelled``.
    public func begin(_ stage: String, unit: String) throws(Cancelled) {
        finish()
        try monitor.cancellation.throwIfRaised()
        start = .now
        lastReport = start
        let fresh = WorkProgress(stage: stage, unit: unit)
        progress = fresh
        monitor.report(fresh)
    }

    /// - Throws: ``Cancelled``.
    public func update(count: Int, fraction: Double?, detail: String? = nil) throws(Cancelled) {
        progress?.count = count
        progress?.fraction = fraction
        progress?.detail = detail
        guard ContinuousClock.now - lastReport > .milliseconds(100), var now = progress else { return }
        try monitor.cancellation.throwIfRaised()
        lastReport = .now
        now.seconds = elapsed
        monitor.report(now)
    }

    /// Ends the stage at hand.
    public func finish() {
        guard var last = progress else { return }
        last.seconds = elapsed
        last.fraction = 1
        last.isFinished = true
        timings.append((last.stage, last.seconds))
        progress = nil
        monitor.report(last)
    }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }
}
