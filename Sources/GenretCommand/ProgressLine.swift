import Foundation
import Memory
import Serving
import Synchronization

/// Shows a build's progress: one line that is rewritten on a terminal, one line a finished stage elsewhere, or events for
/// programs.
final class ProgressLine: Sendable {
    private let form: ProgressFlags.Form
    /// When an event was written last: a program needs no more than a person sees.
    private let lastEvent = Mutex<ContinuousClock.Instant?>(nil)

    init(_ form: ProgressFlags.Form) { self.form = form }

    /// Shows work until it is interrupted.
    var monitor: WorkMonitor {
        WorkMonitor(cancellation: Cancellation { Interrupt.shared.isRaised }) { [self] in show($0) }
    }

    private func show(_ progress: WorkProgress) {
        let isLast = progress.isFinished || progress.isMilestone
        switch form {
        case .none: break
        case .auto where Terminal.errorIsTerminal:
            Terminal.error("\r\u{1B}[K" + line(progress) + (progress.isFinished ? "\n" : ""))
        case .auto, .line: if isLast { Terminal.error(line(progress) + "\n") }
        case .json: if isLast || isDue { StandardStreams.shared.event(.progress(progress)) }
        }
    }

    private var isDue: Bool {
        lastEvent.withLock { last in
            let now = ContinuousClock.now
            guard last.map({ now - $0 >= .milliseconds(200) }) ?? true else { return false }
            last = now
            return true
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
