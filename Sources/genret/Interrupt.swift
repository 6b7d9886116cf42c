import Foundation
import Synchronization

/// Turns the first Ctrl-C into a flag that long work asks for; the second ends the process at once.
final class Interrupt: Sendable {
    static let shared = Interrupt()

    private let flag = Atomic<Bool>(false)

    var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Starts listening; call once.
    func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // Only what a signal handler may do: an atomic exchange, and leaving at once.
                if Interrupt.shared.flag.exchange(true, ordering: .relaxed) { _exit(130) }
            }
        }
    }
}
