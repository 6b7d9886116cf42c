import Foundation
import Memory
import Synchronization

/// Hears of the steps of a training, and may end it after one.
final class Steps: Sendable {
    struct Step: Sendable {
        var number: Int
        /// To four digits behind the point.
        var loss: Double
        var heldOut: Double?
    }

    private let heard = Mutex<[Step]>([])
    private let last: Int?

    /// - Parameter last: the step after which the training is interrupted; nil for none.
    init(endingAfter last: Int? = nil) { self.last = last }

    var all: [Step] { heard.withLock { $0 } }
    var losses: [Double] { all.map(\.loss) }
    var heldOut: [Double] { all.compactMap(\.heldOut) }

    var monitor: WorkMonitor {
        WorkMonitor(cancellation: Cancellation { self.isOver }) { self.hear($0) }
    }

    private var isOver: Bool {
        guard let last else { return false }
        return (all.last?.number ?? 0) >= last
    }

    private func hear(_ progress: WorkProgress) {
        guard progress.stage == "training", let detail = progress.detail else { return }
        // "loss 5.1234  held out 5.2345  12 examples/s"
        let words = detail.split(separator: " ")
        func number(after word: Substring) -> Double? {
            words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? Double(words[$0 + 1]) : nil }
        }
        guard let loss = number(after: "loss") else { return }
        heard.withLock { $0.append(Step(number: progress.count, loss: loss, heldOut: number(after: "out"))) }
    }
}
