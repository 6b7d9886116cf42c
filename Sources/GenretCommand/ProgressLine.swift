import Foundation
import Memory

/// Shows a build's progress: one line that is rewritten on a terminal, one line a finished stage
/// elsewhere.
final class ProgressLine: Sendable {
    private let isQuiet: Bool

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// Shows work until it is interrupted.
    var monitor: WorkMonitor {
        WorkMonitor(cancellation: Cancellation { Interrupt.shared.isRaised }) { [self] in show($0) }
    }

    func show(_ progress: WorkProgress) {
        guard !isQuiet else { return }
        let isLast = progress.isFinished || progress.isMilestone
        if Terminal.errorIsTerminal {
            Terminal.error("\r\u{1B}[K" + line(progress) + (progress.isFinished ? "\n" : ""))
        } else if isLast {
            Terminal.error(line(progress) + "\n")
        }
    }

    private func line(_ progress: WorkProgress) -> String {
        var parts = [progress.stage.padding(toLength: 18, withPad: " ", startingAt: 0)]
        if progress.isFinished {
            parts.append(progress.seconds.asDuration)
        } else if let fraction = progress.fraction {
            parts.append(String(format: "%3.0f %%", 100 * fraction))
        }
        if progress.count > 0 {
            parts.append("\(progress.count.grouped) \(progress.unit)")
            // What takes longer than a second each has no rate worth a number.
            if progress.rate >= 1 { parts.append("\(Int(progress.rate).grouped)/s") }
        }
        if let detail = progress.detail { parts.append(detail) }
        if let left = progress.secondsLeft { parts.append("\(left.asDuration) left") }
        return parts.joined(separator: "  ")
    }
}
