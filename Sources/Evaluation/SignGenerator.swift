import Memory

/// Random signs from a seed, 64 to a draw.
struct SignGenerator {
    private var generator: SeededGenerator
    private var bits: UInt64 = 0
    private var left = 0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func nextIsNegative() -> Bool {
        if left == 0 {
            bits = generator.next()
            left = 64
        }
        defer {
            bits >>= 1
            left -= 1
        }
        return bits & 1 == 1
    }
}
