/// The automaton that finds patterns in a sequence as it grows (Aho and Corasick 1975), made
/// deterministic: each node knows where every token leads, but for those that lead where they lead
/// from the root.
struct PatternAutomaton {
    private var children: [[Int32: Int32]] = [[:]]
    private var isEnd = [false]

    /// - Precondition: no pattern is empty.
    init(_ patterns: [[Int32]]) {
        for pattern in patterns {
            var node = 0
            for token in pattern {
                if let child = children[node][token] {
                    node = Int(child)
                } else {
                    children[node][token] = Int32(children.count)
                    node = children.count
                    children.append([:])
                    isEnd.append(false)
                }
            }
            isEnd[node] = true
        }
    }

    static func key(_ node: Int32, _ token: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: token))
    }

    /// Where tokens lead, by node and token, and at which nodes a pattern has just ended.
    func table() -> (moves: [UInt64: Int32], isEnd: [Bool]) {
        var moves = children
        var isEnd = isEnd
        var queue = Array(children[0].values)
        // The node of the longest proper end of a node's path that begins a pattern.
        var shorter = [Int32](repeating: 0, count: children.count)
        var next = 0
        while next < queue.count {
            let node = Int(queue[next])
            next += 1
            let fallback = Int(shorter[node])
            // Breadth first: what is shorter is finished.
            if isEnd[fallback] { isEnd[node] = true }
            for (token, child) in children[node] {
                shorter[Int(child)] = moves[fallback][token] ?? children[0][token] ?? 0
                queue.append(child)
            }
            if fallback != 0 { moves[node].merge(moves[fallback]) { own, _ in own } }
        }
        var table: [UInt64: Int32] = [:]
        for (node, tokens) in moves.enumerated() {
            for (token, target) in tokens { table[Self.key(Int32(node), token)] = target }
        }
        return (table, isEnd)
    }
}
