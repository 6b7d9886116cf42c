import FMIndex

/// Token sequences as a tree of their prefixes, each with its count over all segments.
///
/// A prefix that several sequences share is walked once; each level is one batch of backward steps a
/// segment.
struct CountedPrefixes {
    /// Node 0 is the empty prefix; a level follows the one before.
    private(set) var parents: [Int32] = [-1]
    private(set) var tokens: [Int32] = [-1]
    private(set) var counts: [Int] = []
    /// The nodes of each length, from 0.
    private(set) var levels: [Range<Int>] = [0..<1]
    /// The node of each sequence.
    private(set) var nodes: [Int32]

    /// - Parameter lead: what stands before every sequence.
    init(_ sequences: [[Int32]], in corpus: CorpusCounts, after lead: [Int32] = []) {
        nodes = Array(repeating: 0, count: sequences.count)
        var open = Array(sequences.indices)
        while true {
            let length = levels.count - 1
            open = open.filter { sequences[$0].count > length }
            guard !open.isEmpty else { break }
            let first = parents.count
            var known: [UInt64: Int32] = [:]
            for sequence in open {
                let (parent, token) = (nodes[sequence], sequences[sequence][length])
                let name = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: token))
                if let node = known[name] {
                    nodes[sequence] = node
                } else {
                    let node = Int32(parents.count)
                    known[name] = node
                    nodes[sequence] = node
                    parents.append(parent)
                    tokens.append(token)
                }
            }
            levels.append(first..<parents.count)
        }
        counts = Array(repeating: 0, count: parents.count)
        for index in corpus.indexes { count(in: index, from: index.rows(of: lead), 1) }
        for index in corpus.deleted { count(in: index, from: index.rows(of: lead), -1) }
    }

    private mutating func count(in index: FMIndex, from start: FMIndex.Rows, _ sign: Int) {
        counts[0] += sign * max(0, start.count)
        var above = [start]
        for (before, level) in zip(levels, levels.dropFirst()) {
            var rows = level.map { above[Int(parents[$0]) - before.lowerBound] }
            index.extend(&rows, by: Array(tokens[level]))
            for (node, rows) in zip(level, rows) { counts[node] += sign * max(0, rows.count) }
            above = rows
        }
    }

    /// The tokens of a node's prefix.
    func sequence(_ node: Int) -> [Int32] {
        var sequence: [Int32] = []
        var next = node
        while next > 0 {
            sequence.append(tokens[next])
            next = Int(parents[next])
        }
        return sequence.reversed()
    }

    /// What a beam search of `beams` beams meets when nothing can be generated but the prefixes here
    /// that occur, by length, then by score: its rule is ``BeamSearch``'s.
    ///
    /// - Parameters:
    ///   - logProbs: the score of every node.
    ///   - isComplete: whether a token ends a sequence.
    func beamSearch(_ logProbs: [Float], beams: Int, isComplete: (Int32) -> Bool) -> [Int] {
        var found: [Int] = []
        var rank = Array(repeating: -1, count: parents.count)
        rank[0] = 0
        for level in levels.dropFirst() {
            let candidates = level.filter {
                rank[Int(parents[$0])] >= 0 && counts[$0] > 0 && logProbs[$0] > -.infinity
            }.sorted { a, b in
                if logProbs[a] != logProbs[b] { return logProbs[a] > logProbs[b] }
                let (left, right) = (rank[Int(parents[a])], rank[Int(parents[b])])
                return left != right ? left < right : tokens[a] < tokens[b]
            }.prefix(2 * beams)
            var live = 0
            for node in candidates {
                found.append(node)
                guard !isComplete(tokens[node]), live < beams else { continue }
                rank[node] = live
                live += 1
            }
        }
        return found
    }
}
