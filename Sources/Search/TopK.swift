/// Keeps the best `capacity` of what it is offered; O(log capacity) an offer that counts.
///
/// The result does not depend on the order of the offers: of equal scores the smaller id is better.
public struct TopK<ID: Hashable & Comparable & Sendable>: Sendable {
    @usableFromInline let capacity: Int
    // A heap whose root is the worst kept.
    @usableFromInline var heap: [Scored<ID>] = []

    @inlinable public init(capacity: Int) { self.capacity = capacity }

    /// The score that an offer must exceed to change anything.
    @inlinable public var threshold: Float {
        heap.count < capacity ? -.infinity : heap.first?.score ?? .infinity
    }

    @inlinable public mutating func offer(_ id: ID, score: Float) { offer(Scored(id, score: score)) }

    @inlinable public mutating func offer(_ item: Scored<ID>) {
        if heap.count < capacity {
            heap.append(item)
            var child = heap.count - 1
            while child > 0, Scored.precedes(heap[(child - 1) / 2], heap[child]) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if let worst = heap.first, Scored.precedes(item, worst) {
            heap[0] = item
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, Scored.precedes(heap[child], heap[child + 1]) { child += 1 }
                guard Scored.precedes(heap[parent], heap[child]) else { break }
                heap.swapAt(parent, child)
                parent = child
            }
        }
    }

    /// What is kept: score falling, then id rising.
    @inlinable public func sorted() -> [Scored<ID>] { heap.sorted(by: Scored.precedes) }
}

extension TopK where ID == PassageIndex {
    /// The best of a score for every passage; scores of `-infinity` are left out.
    @inlinable public static func best(_ capacity: Int, of scores: some Collection<Float>) -> [ScoredPassage] {
        var top = TopK(capacity: capacity)
        var passage: Int32 = 0
        for score in scores {
            if score > top.threshold { top.offer(PassageIndex(passage), score: score) }
            passage += 1
        }
        return top.sorted()
    }
}
