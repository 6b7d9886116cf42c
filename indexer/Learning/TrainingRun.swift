import Foundation
import Tensors

/// A training from its first step, or from a checkpoint, to its end.
///
/// Weights depend on the task, the plan and the seed alone: neither on the number of threads nor on
/// interruptions. Only a plan in minutes depends on the machine, until the number of its steps is
/// fixed.
package final class TrainingRun {
    package let task: any TrainingTask
    package let plan: TrainingPlan
    /// Where checkpoints are; without a folder there are none.
    package let folder: URL?
    private let tape: Tape
    private var state: TrainingState
    private var clock: StepClock

    /// A run, which goes on from the state in `folder` where there is one.
    ///
    /// - Throws: ``LearningError`` when the state is damaged or belongs to another run,
    ///   ``ModelError`` when a file cannot be read.
    package init(
        _ task: any TrainingTask, _ plan: TrainingPlan, folder: URL? = nil, team: ThreadTeam
    ) throws {
        precondition(plan.accumulation > 0 && plan.evaluationInterval > 0 && plan.checkpointInterval > 0)
        (self.task, self.plan, self.folder) = (task, plan, folder)
        tape = Tape(team: team)
        if let folder, TrainingState.exists(in: folder) {
            state = try TrainingState(
                in: folder, task.parameters, plan, fingerprint: task.fingerprint)
        } else {
            state = TrainingState()
        }
        if case .steps(let steps) = plan.length { state.plannedSteps = steps }
        clock = StepClock(secondsBefore: state.seconds)
    }

    /// Steps that are done.
    package var step: Int { state.step }

    /// Trains to the end; then the parameters have the best weights that were seen.
    ///
    /// - Parameter onProgress: called after every step; what it throws ends the run, which can be
    ///   resumed from its last checkpoint.
    /// - Throws: ``LearningError/diverged(step:)`` when a loss is no number, and what the task throws.
    package func run(onProgress: (TrainingProgress) throws -> Void = { _ in }) throws -> TrainingResult {
        clock.start()
        // Weights that never get better than at the start are not changed.
        if state.step == 0 { _ = try evaluate() }
        var isEnded = hasNoPatience
        var isCutShort = false
        while !isEnded, !isCutShort, state.plannedSteps.map({ state.step < $0 }) ?? true {
            var progress = try advance()
            if state.plannedSteps == nil, state.step == TrainingPlan.measured.last { fixSteps() }
            if state.step % plan.evaluationInterval == 0 || state.step == state.plannedSteps {
                progress.heldOutLoss = try evaluate()
                isEnded = hasNoPatience
            }
            isCutShort = plan.mostMinutes.map { clock.seconds >= 60 * $0 } ?? false
            if isCutShort, progress.heldOutLoss == nil, state.step != state.plannedSteps {
                progress.heldOutLoss = try evaluate()
            }
            if state.step % plan.checkpointInterval == 0 || isCutShort || state.step == state.plannedSteps || isEnded {
                try save()
            }
            progress.plannedSteps = state.plannedSteps
            progress.secondsLeft = state.plannedSteps.map { Double($0 - state.step) * clock.secondsPerStep }
            try onProgress(progress)
        }
        state.restoreBest(task.parameters)
        return TrainingResult(
            steps: state.step, bestLoss: state.bestLoss, bestStep: state.bestStep,
            endedEarly: isEnded, isCutShort: isCutShort && state.plannedSteps != state.step, seconds: clock.seconds)
    }

    /// One step: all its batches, the norm, the update.
    private func advance() throws -> TrainingProgress {
        let store = task.parameters
        var (sum, examples) = (0.0, 0)
        for part in 0..<plan.accumulation {
            tape.clear()
            let batch = plan.batch(step: state.step, part: part)
            let result = try task.loss(of: batch, on: tape)
            let loss = Double(tape.number(result.loss))
            guard loss.isFinite else { throw LearningError.diverged(step: state.step) }
            (sum, examples) = (sum + loss, examples + result.examples)
            tape.backward(result.loss, scale: 1 / Float(plan.accumulation))
        }
        let norm = store.gradientNorm(tape.team)
        guard norm.isFinite else { throw LearningError.diverged(step: state.step) }
        let rate = Schedule(warmup: plan.warmup, steps: state.plannedSteps ?? Int.max).rate(state.step)
        plan.optimiser.update(
            store, step: state.step + 1, rate: rate,
            gradientScale: plan.clip.map { ParameterStore.clipping(norm: norm, to: $0) } ?? 1, tape.team)
        state.step += 1
        clock.stepped(examples: examples)
        return TrainingProgress(
            step: state.step, plannedSteps: nil, loss: sum / Double(plan.accumulation), heldOutLoss: nil,
            gradientNorm: norm, learningRate: plan.optimiser.learningRate * rate,
            examplesPerSecond: clock.examplesPerSecond, seconds: clock.seconds, secondsLeft: nil)
    }

    /// Measures the held-out loss and keeps the weights when it is the best.
    private func evaluate() throws -> Double? {
        tape.recordsGradients = false
        defer { tape.recordsGradients = true }
        tape.clear()
        let loss = try clock.pause { try task.heldOutLoss(on: tape) }
        guard let loss else { return nil }
        guard loss.isFinite else { throw LearningError.diverged(step: state.step) }
        if loss < state.bestLoss ?? .infinity {
            state.keepBest(task.parameters, loss: loss)
        } else {
            state.evaluationsWithoutGain += 1
        }
        return loss
    }

    private var hasNoPatience: Bool { plan.patience.map { state.evaluationsWithoutGain >= $0 } ?? false }

    private func save() throws {
        guard let folder else { return }
        state.seconds = clock.seconds
        try clock.pause {
            try state.write(to: folder, task.parameters, plan, fingerprint: task.fingerprint)
        }
    }

    /// Fixes the number of steps so that they take the minutes that were given.
    private func fixSteps() {
        guard case .minutes(let minutes) = plan.length else { return }
        // What was paused so far is one evaluation before the first step.
        let perStep = clock.secondsPerStep + clock.secondsPaused / Double(plan.evaluationInterval)
        let left = minutes * 60 - clock.seconds
        state.plannedSteps = state.step + max(1, Int(left / max(perStep, 1e-6)))
    }
}
