import CKernels
import Memory

/// An orthogonal map that evens out what a vector's components hold, so that few bits of each tell much.
///
/// Rounds of sign flips and Walsh-Hadamard transforms in the place of a dense random matrix: O(d log d) a vector. Where `d` is no
/// power of two the transforms take turns at the first and the last components. Inner products and lengths stay what they are.
package struct Rotation: Sendable {
    package static let rounds = 4

    package let dimension: Int
    /// The signs that are flipped, [rounds × dimension] bits.
    let flips: FrozenArray<UInt64>

    /// Words of the flips of vectors of a length.
    static func words(_ dimension: Int) -> Int { (rounds * dimension + 63) / 64 }

    package init(dimension: Int, seed: UInt64) {
        precondition(dimension > 0)
        var random = SeededGenerator(seed: seed)
        self.init(dimension: dimension, flips: FrozenArray((0..<Self.words(dimension)).map { _ in random.next() }))
    }

    init(dimension: Int, flips: FrozenArray<UInt64>) {
        precondition(flips.count == Self.words(dimension))
        (self.dimension, self.flips) = (dimension, flips)
    }

    /// Rotates a vector of ``dimension`` components in place.
    package func rotate(_ vector: UnsafeMutablePointer<Float>) {
        ck_rotate(vector, dimension, flips.unsafeBase, Self.rounds, 0)
    }

    /// Undoes ``rotate(_:)``, but for the rounding of sums.
    package func unrotate(_ vector: UnsafeMutablePointer<Float>) {
        ck_rotate(vector, dimension, flips.unsafeBase, Self.rounds, 1)
    }
}
