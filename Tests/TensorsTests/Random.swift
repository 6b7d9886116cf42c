import Tensors

/// Sebastiano Vigna's SplitMix64, so that failures repeat.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension Matrix {
    static func random(
        _ rows: Int, _ columns: Int, _ generator: inout SplitMix, scale: Float = 1
    ) -> Matrix {
        let values = (0..<rows * columns).map { _ in Float.random(in: -scale...scale, using: &generator) }
        return Matrix(rows: rows, columns: columns, values: values)
    }
}
