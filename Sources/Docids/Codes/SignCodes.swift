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
        /// The ends of what the product is likely to be.
        package let lower: Float
        package let upper: Float

        /// The estimate itself.
        package var middle: Float { (lower + upper) / 2 }

        package init(place: UInt32, lower: Float, upper: Float) {
            (self.place, self.lower, self.upper) = (place, lower, upper)
        }
    }

    /// Runs of neighbours that have a mean in common.
    package struct Runs: Sendable {
        /// The place behind each run; rising.
        let ends: [UInt32]
        /// What the query's product with each run's mean is.
        let bases: [Float]

        /// - Precondition: the last run ends where the vectors do.
        package init(ends: [UInt32], bases: [Float]) {
            precondition(ends.count == bases.count)
            (self.ends, self.bases) = (ends, bases)
        }

        /// The first run that ends behind a place; O(log runs).
        func index(of place: Int) -> Int {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] > UInt32(place) { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    /// Finds the vectors whose estimate may reach a floor.
    ///
    /// - Parameters:
    ///   - places: the vectors, some thousands at most; begins at a block's start.
    ///   - deviations: how many standard deviations of the error are on both sides of an estimate.
    ///   - floor: a candidate's upper end is not below it.
    ///   - body: called once with the candidates' places and their lower and upper ends.
    package func scan(
        _ query: CodedQuery, _ places: Range<Int>, runs: Runs, deviations: Float, floor: Float,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
    ) {
        precondition(places.lowerBound % Self.block == 0 && places.upperBound <= count)
        guard !places.isEmpty, let last = runs.ends.last else { return }
        precondition(places.upperBound <= Int(last))
        let pairs = Self.groups(dimension) / 2
        let first = places.lowerBound / Self.block
        let blocks = (places.count + Self.block - 1) / Self.block
        // ⟨q, s⟩ is twice what the ones select less the whole.
        let estimate = ck_sign_estimate(
            offset: 2 * query.least - query.total, step: 2 * query.step, width: deviations * 0.603 * query.norm,
            floor: floor)
        let run = runs.index(of: places.lowerBound)
        withUnsafeTemporaryAllocation(byteCount: (2 * Self.block * blocks) + 12 * places.count, alignment: 4) { room in
            guard let base = room.baseAddress else { return }
            let found = base.bindMemory(to: UInt32.self, capacity: places.count)
            let lowers = (base + 4 * places.count).bindMemory(to: Float.self, capacity: places.count)
            let uppers = (base + 8 * places.count).bindMemory(to: Float.self, capacity: places.count)
            let sums = (base + 12 * places.count).bindMemory(to: UInt16.self, capacity: Self.block * blocks)
            ck_sign_sums(self.blocks.unsafeBase + first * Self.block * pairs, blocks, pairs, query.tables, sums)
            let count = runs.ends.withUnsafeBufferPointer { ends in
                runs.bases.withUnsafeBufferPointer { bases in
                    ck_sign_candidates(
                        estimate, sums, factors.unsafeBase + places.lowerBound, places.count, UInt32(places.lowerBound),
                        ends.baseAddress.map { $0 + run }, bases.baseAddress.map { $0 + run }, found, lowers, uppers)
                }
            }
            guard count > 0 else { return }
            body(
                UnsafeBufferPointer(start: found, count: count), UnsafeBufferPointer(start: lowers, count: count),
                UnsafeBufferPointer(start: uppers, count: count))
        }
    }
}
