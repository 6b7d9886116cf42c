/// Where the passages of one segment stand now.
enum MovedPassages: Sendable {
    /// One after the other, from a place on.
    case together(Int32)
    /// For each passage its place, -1 where it is gone.
    case table([Int32])
    /// The few that are left, in rising order.
    case few([(from: Int32, to: Int32)])

    /// - Parameter moves: in any order; of a passage that is named twice the last counts.
    /// - Complexity: memory O(moves), whatever numbers they name.
    init(_ moves: [(from: Int32, to: Int32)]) {
        let last = Int(moves.map(\.from).max() ?? -1)
        guard last < 8 * moves.count else {
            // Sorting is not stable, so that the order among equal ones is a part of what is sorted.
            let order = moves.indices.sorted { (moves[$0].from, $0) < (moves[$1].from, $1) }
            self = .few(order.map { moves[$0] })
            return
        }
        var table = [Int32](repeating: -1, count: last + 1)
        for move in moves { table[Int(move.from)] = move.to }
        self = .table(table)
    }

    subscript(passage: Int) -> Int32? {
        switch self {
        case .together(let start): return start + Int32(passage)
        case .table(let table): return passage < table.count && table[passage] >= 0 ? table[passage] : nil
        case .few(let moves):
            // The last of those that do not begin behind it.
            var (low, high) = (0, moves.count)
            while high > low {
                let middle = (low + high) / 2
                if Int(moves[middle].from) <= passage { low = middle + 1 } else { high = middle }
            }
            return low > 0 && Int(moves[low - 1].from) == passage ? moves[low - 1].to : nil
        }
    }
}
