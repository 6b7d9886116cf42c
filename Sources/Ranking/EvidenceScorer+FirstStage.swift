import FMIndex
import Memory
import Search

/// Stage 1: which passages are worth reading.
extension EvidenceScorer {
    /// The best `fullScore` passages by their rare keys (all of them when stage 2 is off), with the
    /// scores of stage 1.
    ///
    /// A passage's score is at most the sum of its keys' weights, which the rows of the keys give
    /// without a look at the passage. So only passages whose bound reaches the worst score kept are
    /// read. Exact; O(occurrences of the rare keys) and a reading of little more than `fullScore`
    /// passages.
    func nominate(_ workspace: inout Workspace) -> [Scored<Int32>] {
        let bounds = weightBounds()
        let capacity = options.fullScore > 0 ? options.fullScore : bounds.count
        var likely = TopK<Int32>(capacity: capacity)
        for item in bounds where item.score >= likely.threshold { likely.offer(item) }
        var kept = TopK<Int32>(capacity: capacity)
        var seen: Set<Int32> = []
        for item in likely.sorted() {
            seen.insert(item.id)
            kept.offer(item.id, score: firstStageScore(item.id, &workspace))
        }
        for item in bounds where item.score >= kept.threshold && !seen.contains(item.id) {
            kept.offer(item.id, score: firstStageScore(item.id, &workspace))
        }
        return withEvidence(kept.sorted())
    }

    /// Every passage that holds a rare key, with the sum of the weights of its rare keys.
    func weightBounds() -> [Scored<Int32>] {
        let rare = keys.indices.filter { occurrences[$0] <= options.maxHits && !keys[$0].isTerm }
        var table = DocumentTable(capacity: rare.reduce(0) { $0 + min(rows[$1].count, occurrences[$1]) })
        for place in rare {
            let weight = keys[place].weight
            if let passing {
                passing.forEachDocument(of: rows[place], in: index) {
                    table.add(weight, to: Int32($0), source: Int32(place))
                }
            } else {
                index.forEachDocument(of: rows[place]) { table.add(weight, to: Int32($0), source: Int32(place)) }
            }
        }
        return table.entries
    }

    /// The score of stage 1: rare keys in their order, none that overlaps a span taken before.
    private func firstStageScore(_ local: Int32, _ workspace: inout Workspace) -> Float {
        read(local, &workspace)
        workspace.clearUsed()
        workspace.clearCoverage()
        var score: Float = 0
        var lastCounted = -1
        for match in workspace.matches {
            let place = Int(match >> 32)
            let key = keys[place]
            guard occurrences[place] <= options.maxHits else { continue }
            let start = Int(match & 0xFFFF_FFFF)
            let span = start..<start + key.tokens.count
            if !options.allowsOverlaps, workspace.isUsed(span) { continue }
            for position in span { workspace.used[position] = true }
            guard lastCounted != place else { continue }
            lastCounted = place
            score += workspace.coverage(key.covered, beta: options.beta) * key.weight
            workspace.cover(key.covered)
        }
        return score
    }

    /// Stage 1 as the reference does it, occurrence by occurrence in the order of the rows, over the
    /// whole text. Keys may run past the end of a passage here, and with mirrored spans an n-gram takes
    /// the tokens on the other side of its place: those behind itself in reading order.
    func nominateSpanBySpan(_ workspace: inout Workspace) -> [Scored<Int32>] {
        var used: Set<Int> = []
        var taken: [Int32: [Int]] = [:]
        for (place, key) in keys.enumerated() where occurrences[place] <= options.maxHits {
            for row in rows[place].low..<rows[place].high {
                guard let position = index.textPosition(of: row), let document = index.document(row: row)
                else { continue }
                guard passing?.passages.contains(document) ?? true else { continue }
                taken[Int32(document), default: []] += []
                let span =
                    deviations.contains(.mirroredSpans)
                    ? position - key.tokens.count..<position : position..<position + key.tokens.count
                if !options.allowsOverlaps, span.contains(where: used.contains) { continue }
                used.formUnion(span)
                if taken[Int32(document)]?.last != place { taken[Int32(document), default: []].append(place) }
            }
        }
        var top = TopK<Int32>(capacity: options.fullScore > 0 ? options.fullScore : taken.count)
        for (document, places) in taken {
            workspace.clearCoverage()
            var score: Float = 0
            for place in places {
                score += workspace.coverage(keys[place].tokens, beta: options.beta) * keys[place].weight
                workspace.cover(keys[place].tokens)
            }
            top.offer(document, score: score)
        }
        return top.sorted()
    }
}

/// Sums by passage: open addressing, no allocation after the first.
private struct DocumentTable {
    private(set) var entries: [Scored<Int32>] = []
    private var lastSource: [Int32] = []
    private var slots: [Int32]
    private var mask: Int

    /// - Parameter capacity: how many passages are likely to be added. More may be: a key's count leaves out what is no whole word.
    init(capacity: Int) {
        var size = 64
        while size < 2 * capacity { size *= 2 }
        slots = Array(repeating: -1, count: size)
        mask = size - 1
    }

    /// Adds to a passage's sum, once for each source; sources come one after the other.
    @inline(__always)
    mutating func add(_ weight: Float, to document: Int32, source: Int32) {
        var slot = slot(of: document)
        while slots[slot] >= 0 {
            let entry = Int(slots[slot])
            if entries[entry].id == document {
                if lastSource[entry] != source {
                    lastSource[entry] = source
                    entries[entry].score += weight
                }
                return
            }
            slot = (slot &+ 1) & mask
        }
        slots[slot] = Int32(entries.count)
        entries.append(Scored(document, score: weight))
        lastSource.append(source)
        if 2 * entries.count > slots.count { grow() }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: 2 * slots.count)
        mask = slots.count - 1
        for (place, entry) in entries.enumerated() {
            var slot = slot(of: entry.id)
            while slots[slot] >= 0 { slot = (slot &+ 1) & mask }
            slots[slot] = Int32(place)
        }
    }

    @inline(__always)
    private func slot(of document: Int32) -> Int {
        Int(truncatingIfNeeded: (UInt64(UInt32(bitPattern: document)) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    }
}
