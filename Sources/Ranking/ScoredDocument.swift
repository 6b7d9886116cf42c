/// A passage, by its index, with a retriever's score.
public struct ScoredDocument: Equatable, Sendable {
    public var document: Int32
    public var score: Float

    public init(document: Int32, score: Float) {
        self.document = document
        self.score = score
    }

    /// Score falling, then index rising.
    static func precedes(_ a: ScoredDocument, _ b: ScoredDocument) -> Bool {
        a.score != b.score ? a.score > b.score : a.document < b.document
    }
}

/// Keeps the best `capacity` of the passages it is offered; O(log capacity) an offer that counts.
public struct TopDocuments: Sendable {
    private let capacity: Int
    // A heap whose root is the worst kept.
    private var heap: [ScoredDocument] = []

    public init(capacity: Int) { self.capacity = capacity }

    /// The score that an offer must exceed to change anything.
    @inline(__always)
    public var threshold: Float {
        heap.count < capacity ? -.infinity : heap.first?.score ?? .infinity
    }

    public mutating func offer(_ item: ScoredDocument) {
        if heap.count < capacity {
            heap.append(item)
            var child = heap.count - 1
            while child > 0, ScoredDocument.precedes(heap[(child - 1) / 2], heap[child]) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if let worst = heap.first, ScoredDocument.precedes(item, worst) {
            heap[0] = item
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, ScoredDocument.precedes(heap[child], heap[child + 1]) {
                    child += 1
                }
                guard ScoredDocument.precedes(heap[parent], heap[child]) else { break }
                heap.swapAt(parent, child)
                parent = child
            }
        }
    }

    /// The kept passages: score falling, then index rising.
    public func sorted() -> [ScoredDocument] { heap.sorted(by: ScoredDocument.precedes) }

    /// The best of a score for every passage; scores of `-infinity` are left out, and zeros too
    /// when `skippingZeros`.
    public static func best(
        _ capacity: Int, of scores: some Collection<Float>, skippingZeros: Bool = false
    ) -> [ScoredDocument] {
        var top = TopDocuments(capacity: capacity)
        var document: Int32 = 0
        for score in scores {
            if score > top.threshold, !(skippingZeros && score == 0) {
                top.offer(ScoredDocument(document: document, score: score))
            }
            document += 1
        }
        return top.sorted()
    }
}
