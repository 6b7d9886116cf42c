import CKernels
import Foundation

/// The cosines and sines of positions, made as they are needed.
final class RotaryTable {
    private let angles: [Float]
    private let width: Int
    private var cosines: [Float] = []
    private var sines: [Float] = []
    private var count = 0

    init(_ positions: RotaryPositions, width: Int, dividedBy divisors: [Float]?) {
        angles = positions.angles(width: width, dividedBy: divisors)
        self.width = width
    }

    /// Makes the entries of all positions below `count`.
    func reserve(positions: Int) {
        while count < positions {
            for angle in angles {
                let turn = Float(count) * angle
                cosines.append(cos(turn))
                sines.append(sin(turn))
            }
            count += 1
        }
    }

    /// Turns the heads of one token; its position must have been reserved.
    func turn(_ x: UnsafeMutablePointer<Float>, heads: Int, at position: Int) {
        let start = position * angles.count
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                guard let cosine = cosines.baseAddress, let sine = sines.baseAddress else { return }
                ck_rotate_halves(x, heads, width, cosine + start, sine + start)
            }
        }
    }
}
