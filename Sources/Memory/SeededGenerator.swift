/// SplitMix64 (Steele, Lea, Flood 2014): the source of every random choice here. Small, seeded, and
/// with the same sequence on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    /// - Parameter stream: one of many independent sequences of a seed.
    @inlinable package init(seed: UInt64, stream: UInt64 = 0) {
        state = seed
        if stream != 0 {
            state &+= stream &* 0xD134_2543_DE82_EF95
            state = next()
        }
    }

    @inlinable package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// `count` distinct indices of 0..<total in rising order (Knuth's algorithm S); O(total).
    package mutating func sample(_ count: Int, of total: Int) -> [Int32] {
        var chosen: [Int32] = []
        chosen.reserveCapacity(min(count, total))
        for index in 0..<total where chosen.count < count {
            let left = UInt64(total - index)
            if Int(next() % left) < count - chosen.count { chosen.append(Int32(index)) }
        }
        return chosen
    }

    /// A number in 0..<1.
    @inlinable package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
