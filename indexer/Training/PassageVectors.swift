import Engine
import IndexStore
import Learning
import Memory
import Ranking
import Search
import Tensors

/// The vectors of all passages of an index, whatever its segments.
package struct PassageVectors: Sendable {
    private let segments: [DenseIndex]
    private let places: SegmentPlaces
    package let dimension: Int

    package var count: Int { places.count }

    /// Nil for an index without vectors.
    package init?(_ index: IndexReader) throws {
        guard index.manifest.encoder != nil else { return nil }
        let segments = try index.components(DenseIndex.self)
        guard let first = segments.first else { return nil }
        self.segments = segments
        places = index.places
        dimension = first.dimension
    }

    /// Copies the vectors of some passages, [documents × dimension].
    package func copy(_ documents: [Int32], into rows: UnsafeMutableBufferPointer<Float>) {
        guard let base = rows.baseAddress else { return }
        for (row, document) in documents.enumerated() {
            let (segment, local) = places.locate(PassageIndex(document))
            segments[segment].copy(
                local, into: UnsafeMutableBufferPointer(start: base + row * dimension, count: dimension))
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
    package func best(_ k: Int, of queries: Matrix, threads: Int) -> [[ScoredPassage]] {
        let chunks = segments.indices.flatMap { segment in
            stride(from: 0, to: segments[segment].count, by: Self.chunk).map { (segment, $0) }
        }
        var found: [[ScoredPassage]] = []
        for first in stride(from: 0, to: queries.rows, by: Self.block) {
            let block = first..<min(queries.rows, first + Self.block)
            let lists = Parallel.map(count: chunks.count, threads: threads) {
                best(k, of: queries, block, segment: chunks[$0].0, from: chunks[$0].1)
            }
            found += Parallel.map(count: block.count, threads: threads) { query in
                var top = TopK<PassageIndex>(capacity: k)
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
    ) -> [[ScoredPassage]] {
        let count = min(Self.chunk, segments[segment].count - start)
        var scores = Matrix(rows: block.count, columns: count)
        queries.withUnsafeBuffer { queries in
            scores.withUnsafeMutableBuffer { scores in
                guard let a = queries.baseAddress, let c = scores.baseAddress else { return }
                segments[segment].withVectors(start..<start + count) { vectors in
                    Product.sgemm(
                        m: block.count, n: count, k: dimension,
                        .init(a + block.lowerBound * dimension, stride: dimension),
                        .init(vectors, stride: dimension, transposed: true), into: c, stride: count)
                }
            }
        }
        return scores.withUnsafeBuffer { scores in
            (0..<block.count).map { row in
                var top = TopK<PassageIndex>(capacity: k)
                for place in 0..<count where scores[row * count + place] > top.threshold {
                    top.offer(places.global(Int32(start + place), in: segment), score: scores[row * count + place])
                }
                return top.sorted()
            }
        }
    }
}
