import Synchronization

/// What pieces of parallel work gave, put together in their order.
final class PieceResults: Sendable {
    private let pieces: Mutex<[[Double]]>

    init(count: Int) { pieces = Mutex([[Double]](repeating: [], count: count)) }

    func set(_ piece: Int, _ values: [Double]) { pieces.withLock { $0[piece] = values } }

    func all() -> [Double] { pieces.withLock { $0.flatMap { $0 } } }
}
