import CKernels
import Memory

/// One bit a component: the signs of what is left of a vector when its leaf's mean is taken off (RaBitQ, Gao and Long 2024).
///
/// With the rotated rest `r` and its signs `s`, `⟨q, r⟩ ≈ factor * ⟨q, s⟩` where `factor = |r|² / ⟨r, s⟩`: an estimate without bias,
/// whose error has the standard deviation `√(1 - 2/π) * factor * |q|` over random rotations: `⟨r, s⟩ / (|r| √d)`, the cosine between
/// the rest and its signs, is near √(2/π).
package struct SignCodes: Sendable {
    /// Vectors in a block, whose codes lie side by side.
    package static let block = 32

    package let count: Int
    package let dimension: Int
    /// Blocks of 32 vectors: for each pair of groups of four components one byte a vector.
    let blocks: FrozenArray<UInt8>
    let factors: FrozenArray<Float>

    /// Groups of four components, an even number.
    static func groups(_ dimension: Int) -> Int { (dimension + 7) / 8 * 2 }

    /// Bytes of the blocks of so many vectors.
    static func byteCount(_ count: Int, _ dimension: Int) -> Int {
        (count + block - 1) / block * block * (groups(dimension) / 2)
    }

    init(count: Int, dimension: Int, blocks: FrozenArray<UInt8>, factors: FrozenArray<Float>) {
        precondition(blocks.count == Self.byteCount(count, dimension) && factors.count == count)
        (self.count, self.dimension, self.blocks, self.factors) = (count, dimension, blocks, factors)
    }

    /// - Parameter rest: writes the rotated rest of a vector; called on several threads.
    package init(
        count: Int, dimension: Int, threads: Int = Parallel.cores,
        rest: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        var factors = FrozenArray<Float>([])
        let pairs = Self.groups(dimension) / 2
        let blocks = FrozenArray<UInt8>(count: Self.byteCount(count, dimension)) { blocks in
            let blocks = SharedBuffer(blocks)
            factors = FrozenArray(count: count) { factors in
                let factors = SharedBuffer(factors)
                Parallel.forEachRange(count: (count + Self.block - 1) / Self.block, grain: 16, threads: threads) {
                    range in
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { row in
                        for place in range.lowerBound * Self.block..<min(count, range.upperBound * Self.block) {
                            rest(place, row)
                            let start = place / Self.block * Self.block * pairs + place % Self.block
                            var (square, sum) = (Float(0), Float(0))
                            for (component, value) in row.enumerated() {
                                square += value * value
                                sum += abs(value)
                                guard value >= 0 else { continue }
                                blocks.buffer[start + component / 8 * Self.block] |= 1 << (component % 8)
                            }
                            factors.buffer[place] = sum > 0 ? square / sum : 0
                        }
                    }
                }
            }
        }
        self.init(count: count, dimension: dimension, blocks: blocks, factors: factors)
    }

    /// A vector whose inner product with the query may be among the best.
    package struct Candidate: Sendable {
        package let place: UInt32
        /// The upper end of what the product is likely to be.
        package let upper: Float

        package init(place: UInt32, upper: Float) { (self.place, self.upper) = (place, upper) }
    }

    /// Estimates of runs of vectors, block after block.
    ///
    /// - Parameters:
    ///   - places: the vectors; begins at a block's start.
    ///   - runs: the ends of runs of neighbours with what the query's product with their mean is, from the one that
    ///     `places.lowerBound` lies in on.
    ///   - deviations: how many standard deviations of the error are on both sides of an estimate.
    ///   - floor: asked for before each run; a candidate's upper end is not below it.
    ///   - body: called with the candidates of a run that has some.
    package func scan(
        _ query: CodedQuery, _ places: Range<Int>, runs: some Sequence<(end: Int, base: Float)>, deviations: Float,
        floor: () -> Float,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
    ) {
        precondition(places.lowerBound % Self.block == 0 && places.upperBound <= count)
        guard !places.isEmpty else { return }
        let pairs = Self.groups(dimension) / 2
        let (first, last) = (places.lowerBound / Self.block, (places.upperBound + Self.block - 1) / Self.block)
        // ⟨q, s⟩ is twice what the ones select less the whole.
        var estimate = ck_sign_estimate(
            base: 0, offset: 2 * query.least - query.total, step: 2 * query.step,
            width: deviations * 0.603 * query.norm, floor: 0)
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: (last - first) * Self.block) { sums in
            ck_sign_sums(
                blocks.unsafeBase + first * Self.block * pairs, last - first, pairs, query.tables, sums.baseAddress)
            withUnsafeTemporaryAllocation(byteCount: 12 * places.count, alignment: 4) { room in
                guard let base = room.baseAddress, let sums = sums.baseAddress else { return }
                let found = base.bindMemory(to: UInt32.self, capacity: places.count)
                let lowers = (base + 4 * places.count).bindMemory(to: Float.self, capacity: places.count)
                let uppers = (base + 8 * places.count).bindMemory(to: Float.self, capacity: places.count)
                var start = places.lowerBound
                for run in runs {
                    let end = min(run.end, places.upperBound)
                    estimate.base = run.base
                    estimate.floor = floor()
                    let count = ck_sign_candidates(
                        estimate, sums + (start - places.lowerBound), factors.unsafeBase + start, end - start,
                        UInt32(start), found, lowers, uppers)
                    if count > 0 {
                        body(
                            UnsafeBufferPointer(start: found, count: count),
                            UnsafeBufferPointer(start: lowers, count: count),
                            UnsafeBufferPointer(start: uppers, count: count))
                    }
                    start = end
                    if start == places.upperBound { break }
                }
            }
        }
    }
}
