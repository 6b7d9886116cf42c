import Memory
import Studies
import Synchronization

/// Ends work after so many reports of progress.
final class Ending: Sendable {
    private let state: Mutex<(heard: Int, most: Int)>

    init(after reports: Int) { state = Mutex((0, reports)) }

    var isRaised: Bool { state.withLock { $0.heard >= $0.most } }

    /// Begins to count anew, to so many more.
    func wait(_ more: Int) { state.withLock { $0 = (0, $0.most + more) } }

    var monitor: WorkMonitor {
        WorkMonitor(cancellation: Cancellation { self.isRaised }) { _ in self.state.withLock { $0.heard += 1 } }
    }
}

extension StudyCell {
    /// Without what differs from run to run.
    var timeless: StudyCell {
        var cell = self
        cell.latency = [:]
        cell.machine = .init()
        cell.build.stages = cell.build.stages.map { .init($0.name, wall: 0, cpu: 0) }
        cell.train?.seconds = 0
        cell.encodedAtQuery?.ms = 0
        (cell.estimate, cell.outcome) = (nil, nil)
        return cell
    }
}
