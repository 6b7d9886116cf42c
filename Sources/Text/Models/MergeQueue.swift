/// The symbols of one word while they merge; buffers are kept from word to word.
///
/// The pair with the lowest rank merges first, of equal ones the leftmost. Short words look for it
/// by going through all pairs; long ones keep the pairs in a heap, which takes O(n log n).
struct MergeQueue {
    private struct Symbol {
        var id: Int32
        /// Bytes it covers; 0 once it has been merged into the one before.
        var length: Int32
        var previous: Int32
        var next: Int32
    }

    /// A possible merge of the symbol at `position` with its next.
    private struct Candidate {
        /// As in ``MergeTable/value(_:_:)``.
        var value: UInt64
        var position: Int32

        @inline(__always)
        func precedes(_ other: Candidate) -> Bool {
            value != other.value ? value < other.value : position < other.position
        }
    }

    private static let longestForScan = 48

    private var symbols: [Symbol] = []
    private var ranks: [UInt64] = []
    private var heap: [Candidate] = []

    mutating func removeAll() { symbols.removeAll(keepingCapacity: true) }

    @inline(__always)
    mutating func append(_ id: Int32, length: Int) {
        let index = Int32(truncatingIfNeeded: symbols.count)
        symbols.append(
            Symbol(
                id: id, length: Int32(truncatingIfNeeded: length), previous: index - 1,
                next: index + 1))
    }

    /// Merges what can be merged and appends the pieces.
    mutating func merge(_ merges: MergeTable, into pieces: inout [TokenModel.Piece]) {
        if symbols.count > 1 {
            if symbols.count <= MergeQueue.longestForScan { scan(merges) } else { drain(merges) }
        }
        var position = 0
        for symbol in symbols where symbol.length > 0 {
            let end = position + Int(symbol.length)
            pieces.append(.init(id: symbol.id, start: position, end: end))
            position = end
        }
    }

    /// Looks through all pairs for each merge; the symbols stay next to each other.
    private mutating func scan(_ merges: MergeTable) {
        ranks.removeAll(keepingCapacity: true)
        for index in 1..<symbols.count {
            ranks.append(merges.value(symbols[index - 1].id, symbols[index].id))
        }
        symbols.withUnsafeMutableBufferPointer { symbols in
            ranks.withUnsafeMutableBufferPointer { ranks in
                var count = symbols.count
                while count > 1 {
                    var best = MergeTable.none
                    var at = 0
                    for index in 0..<count - 1 where ranks[index] < best {
                        best = ranks[index]
                        at = index
                    }
                    guard best != MergeTable.none else { break }
                    symbols[at].id = Int32(truncatingIfNeeded: best)
                    symbols[at].length += symbols[at + 1].length
                    count -= 1
                    for index in at + 1..<max(at + 1, count) { symbols[index] = symbols[index + 1] }
                    for index in at..<max(at, count - 1) { ranks[index] = ranks[index + 1] }
                    if at > 0 { ranks[at - 1] = merges.value(symbols[at - 1].id, symbols[at].id) }
                    if at + 1 < count {
                        ranks[at] = merges.value(symbols[at].id, symbols[at + 1].id)
                    }
                }
                for index in count..<symbols.count { symbols[index].length = 0 }
            }
        }
    }

    /// Takes merges from a heap; entries that have become stale are skipped.
    private mutating func drain(_ merges: MergeTable) {
        heap.removeAll(keepingCapacity: true)
        let count = symbols.count
        for index in 0..<count - 1 { offer(Int32(index), merges) }
        while let top = popped() {
            let at = Int(top.position)
            let symbol = symbols[at]
            guard symbol.length > 0, Int(symbol.next) < count else { continue }
            let right = symbols[Int(symbol.next)]
            guard merges.value(symbol.id, right.id) == top.value else { continue }
            symbols[at].id = Int32(truncatingIfNeeded: top.value)
            symbols[at].length += right.length
            symbols[at].next = right.next
            symbols[Int(symbol.next)].length = 0
            if Int(right.next) < count { symbols[Int(right.next)].previous = top.position }
            if symbol.previous >= 0 { offer(symbol.previous, merges) }
            offer(top.position, merges)
        }
    }

    @inline(__always)
    private mutating func offer(_ position: Int32, _ merges: MergeTable) {
        let symbol = symbols[Int(position)]
        guard Int(symbol.next) < symbols.count else { return }
        let value = merges.value(symbol.id, symbols[Int(symbol.next)].id)
        if value != MergeTable.none { push(Candidate(value: value, position: position)) }
    }

    private mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard candidate.precedes(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = candidate
    }

    private mutating func popped() -> Candidate? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return top }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(last) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = last
        return top
    }
}
