import Engine
import Learning
import Memory
import Ranking
import Tensors

/// The vectors of all passages of an index, whatever its segments.
package struct PassageVectors: Sendable {
    private let segments: [DenseIndex]
    private let places: SegmentPlaces
    package let dimension: Int

    package var count: Int { places.count }

    /// Nil for an index without vectors.
    package init?(_ engine: Engine) {
        let segments = engine.segments.segments.compactMap(\.dense)
        guard let first = segments.first, segments.count == engine.segments.segments.count else { return nil }
        self.segments = segments
        places = engine.segments.places
        dimension = first.dimension
    }

    /// Copies the vectors of some passages, [documents × dimension].
    package func copy(_ documents: [Int32], into rows: UnsafeMutableBufferPointer<Float>) {
        guard let base = rows.baseAddress else { return }
        for (row, document) in documents.enumerated() {
            let (segment, local) = places.locate(document)
            segments[segment].vectors.withUnsafeBuffer { vectors in
                guard let from = vectors.baseAddress else { return }
                (base + row * dimension).update(from: from + Int(local) * dimension, count: dimension)
            }
        }
    }

    /// All vectors as a frozen table, [passages × dimension]; they are copied.
    package func table() -> Parameter {
        let table = Parameter(name: "passages", shape: [count, dimension], isFrozen: true)
        table.update { copy(Array(0..<Int32(count)), into: $0) }
        return table
    }

    /// The best `k` passages of each query by inner product, over the whole index: score falling, then
    /// index rising; O(queries × passages × dimension). The same on any number of threads.
    package func best(_ k: Int, of queries: Matrix, threads: Int) -> [[ScoredDocument]] {
        let chunks = segments.indices.flatMap { segment in
            stride(from: 0, to: segments[segment].count, by: Self.chunk).map { (segment, $0) }
        }
        var found: [[ScoredDocument]] = []
        for first in stride(from: 0, to: queries.rows, by: Self.block) {
            let block = first..<min(queries.rows, first + Self.block)
            let lists = Parallel.map(count: chunks.count, threads: threads) {
                best(k, of: queries, block, segment: chunks[$0].0, from: chunks[$0].1)
            }
            found += Parallel.map(count: block.count, threads: threads) { query in
                var top = TopDocuments(capacity: k)
                for list in lists { for item in list[query] { top.offer(item) } }
                return top.sorted()
            }
        }
        return found
    }

    /// Passages and queries of one product.
    private static let (chunk, block) = (4_096, 256)

    private func best(
        _ k: Int, of queries: Matrix, _ block: Range<Int>, segment: Int, from start: Int
    ) -> [[ScoredDocument]] {
        let vectors = segments[segment].vectors
        let count = min(Self.chunk, segments[segment].count - start)
        var scores = Matrix(rows: block.count, columns: count)
        queries.withUnsafeBuffer { queries in
            scores.withUnsafeMutableBuffer { scores in
                guard let a = queries.baseAddress, let c = scores.baseAddress else { return }
                Product.sgemm(
                    m: block.count, n: count, k: dimension,
                    .init(a + block.lowerBound * dimension, stride: dimension),
                    .init(vectors.unsafeBase + start * dimension, stride: dimension, transposed: true),
                    into: c, stride: count)
            }
        }
        return scores.withUnsafeBuffer { scores in
            (0..<block.count).map { row in
                TopDocuments.best(k, of: scores[row * count..<(row + 1) * count]).map {
                    ScoredDocument(document: places.global($0.document + Int32(start), in: segment), score: $0.score)
                }
            }
        }
    }
}
