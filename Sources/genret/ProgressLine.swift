import Foundation
import Indexer

/// Shows a build's progress: one line that is rewritten on a terminal, one line a finished stage
/// elsewhere.
final class ProgressLine {
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
