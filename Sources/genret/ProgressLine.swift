import Foundation
import Indexer
import Training

/// Shows a build's progress: one line that is rewritten on a terminal, one line a finished stage
/// elsewhere.
final class ProgressLine: Sendable {
    private let isQuiet: Bool

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ progress: IndexProgress) {
        guard !isQuiet else { return }
        if Terminal.errorIsTerminal {
            Terminal.error("\r\u{1B}[K" + line(progress) + (progress.isFinished ? "\n" : ""))
        } else if progress.isFinished {
            Terminal.error(line(progress) + "\n")
        }
    }

    func show(_ progress: GeneratorRefinement.Progress) {
        switch progress {
        case .weights(let progress): show(progress)
        case .questions(let progress):
            show(
                IndexProgress(
                    stage: .questions, fraction: Double(progress.done) / Double(max(1, progress.passages)),
                    count: progress.kept, unit: "kept", seconds: progress.seconds,
                    isFinished: progress.done == progress.passages))
        case .training(let progress):
            let steps = progress.plannedSteps ?? 0
            show(
                IndexProgress(
                    stage: .training, fraction: steps > 0 ? Double(progress.step) / Double(steps) : nil,
                    count: progress.step, unit: "steps", seconds: progress.seconds, isFinished: progress.step == steps))
        }
    }

    private func line(_ progress: IndexProgress) -> String {
        var parts = [progress.stage.rawValue.padding(toLength: 18, withPad: " ", startingAt: 0)]
        if progress.isFinished {
            parts.append(progress.seconds.asDuration)
        } else if let fraction = progress.fraction {
            parts.append(String(format: "%3.0f %%", 100 * fraction))
        }
        if progress.count > 0 {
            parts.append("\(progress.count.grouped) \(progress.unit)")
            parts.append("\(Int(progress.rate).grouped)/s")
        }
        if let left = progress.secondsLeft { parts.append("\(left.asDuration) left") }
        return parts.joined(separator: "  ")
    }
}
