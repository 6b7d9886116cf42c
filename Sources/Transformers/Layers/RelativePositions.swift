import Foundation
import Memory

/// Buckets of distances between a query and a key, each with a bias for each head.
///
/// Small distances have a bucket each; larger ones share buckets that widen with the logarithm
/// (Raffel et al. 2020, section 2.1, and T5's `_relative_position_bucket`).
package struct RelativePositions: Sendable, Equatable {
    package var buckets: Int
    /// The distance from which on all share the last bucket.
    package var furthest: Int
    /// Whether keys after the query have buckets of their own, or all share the first.
    package var isBidirectional: Bool

    /// The bucket of a key's position minus its query's.
    func bucket(_ distance: Int) -> Int {
        let count = isBidirectional ? buckets / 2 : buckets
        let base = isBidirectional && distance > 0 ? count : 0
        let size = isBidirectional ? abs(distance) : max(-distance, 0)
        let exact = count / 2
        guard size >= exact else { return base + size }
        let share = log(Float(size) / Float(exact)) / Float(log(Double(furthest) / Double(exact)))
        return base + min(exact + Int(share * Float(count - exact)), count - 1)
    }

    /// The biases of all distances up to `longest`: [heads × (2 · longest - 1)], the distance
    /// -(longest - 1) first, from a table [buckets × heads].
    func biases(_ table: FrozenArray<Float>, heads: Int, longest: Int) -> FrozenArray<Float> {
        let distances = 2 * longest - 1
        return FrozenArray(count: heads * distances) { biases in
            for index in 0..<distances {
                let bucket = bucket(index - (longest - 1))
                for head in 0..<heads {
                    biases[head * distances + index] = table[bucket * heads + head]
                }
            }
        }
    }
}
