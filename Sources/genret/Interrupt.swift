import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C into a flag that long work asks for; the second ends the process at once.
final class Interrupt: Sendable {
    static let shared = Interrupt()

    private let flag = Atomic<Bool>(false)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Starts listening; call once.
    func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [flag = self] in
                if flag.flag.exchange(true, ordering: .relaxed) { _exit(130) }
            }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }
}
