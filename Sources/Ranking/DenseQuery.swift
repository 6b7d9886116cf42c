import Memory
import Search
import Tensors

/// A query vector beside a segment's vectors.
package enum DenseQuery: Sendable {
    case exact(ExactScan)
    /// Its scan finds what a scan of the bytes would, but for vectors whose estimate is off by more than some deviations.
    case coded(CodedScan)

    /// The inner product with one passage.
    ///
    /// - Parameter local: the passage's number in the segment.
    package func similarity(_ local: Int32) -> Float {
        switch self {
        case .exact(let scan): scan.similarity(local)
        case .coded(let scan): scan.similarity(local)
        }
    }

    /// The best `k` passages; score falling, then passage rising.
    ///
    /// - Parameters:
    ///   - passing: the passages that may be found; nil for all.
    ///   - threads: how many read; the answer does not depend on it.
    package func best(_ k: Int, passing: PlaceSet? = nil, threads: Int = 1) -> [Scored<Int32>] {
        switch self {
        case .exact(let scan): scan.best(k, passing: passing)
        case .coded(let scan): scan.best(k, passing: passing, threads: threads)
        }
    }
}

/// The exact scan of all vectors.
package struct ExactScan: Sendable {
    let query: [Float]
    let vectors: FrozenArray<Float>

    func similarity(_ local: Int32) -> Float {
        let start = Int(local) * query.count
        precondition(start >= 0 && start + query.count <= vectors.count)
        return query.withUnsafeBufferPointer { query in
            vectors.withUnsafeBuffer {
                Vector.dot(query, UnsafeBufferPointer(rebasing: $0[start..<start + query.count]))
            }
        }
    }

    /// The inner product with every passage; O(count × dimension).
    package func similarities() -> [Float] {
        let count = vectors.count / query.count
        return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
            if let output = scores.baseAddress, count > 0 {
                Product.sgemv(rows: count, columns: query.count, vectors.unsafeBase, query, into: output)
            }
            initialized = count
        }
    }

    func best(_ k: Int, passing: PlaceSet?) -> [Scored<Int32>] {
        var top = TopK<Int32>(capacity: k)
        // One by one a product costs some times what it does in a row of many.
        if let passing, passing.count * 8 * query.count <= vectors.count {
            passing.forEach { top.offer(Int32($0), score: similarity(Int32($0))) }
            return top.sorted()
        }
        for (local, score) in similarities().enumerated() where passing?.contains(local) ?? true {
            if score >= top.threshold { top.offer(Int32(local), score: score) }
        }
        return top.sorted()
    }
}
