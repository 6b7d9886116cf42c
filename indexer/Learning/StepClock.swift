import Dispatch

/// Measures the steps of a run.
struct StepClock {
    /// Of earlier parts of the run.
    private let before: Double
    private var started = DispatchTime.now().uptimeNanoseconds
    private var last: (nanoseconds: UInt64, paused: Double)
    private var steps = 0
    /// Evaluations and checkpoints.
    private(set) var secondsPaused = 0.0
    /// A running mean, the latest steps counting most.
    private(set) var secondsPerStep = 0.0
    private(set) var examplesPerSecond = 0.0

    init(secondsBefore: Double) {
        before = secondsBefore
        last = (started, 0)
    }

    mutating func start() {
        started = DispatchTime.now().uptimeNanoseconds
        last = (started, 0)
    }

    /// Of all parts of the run.
    var seconds: Double { before + Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9 }

    /// Runs something that is no step.
    mutating func pause<R>(_ body: () throws -> R) rethrows -> R {
        let from = DispatchTime.now().uptimeNanoseconds
        defer { secondsPaused += Double(DispatchTime.now().uptimeNanoseconds - from) / 1e9 }
        return try body()
    }

    /// Notes the end of a step.
    mutating func stepped(examples: Int) {
        let now = DispatchTime.now().uptimeNanoseconds
        let seconds = Double(now - last.nanoseconds) / 1e9 - (secondsPaused - last.paused)
        last = (now, secondsPaused)
        steps += 1
        // The first two allocate and pack.
        if steps <= TrainingPlan.measured.first + 1 {
            secondsPerStep = seconds
        } else {
            secondsPerStep += (seconds - secondsPerStep) / Double(min(steps - TrainingPlan.measured.first, 50))
        }
        examplesPerSecond = Double(examples) / max(secondsPerStep, 1e-9)
    }
}
