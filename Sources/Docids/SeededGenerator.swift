/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64 = 0) {
        state = seed &+ stream &* 0xd134_2543_de82_ef95
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// `count` distinct indices of 0..<total in rising order (Knuth's algorithm S).
    mutating func sample(_ count: Int, of total: Int) -> [Int32] {
        var chosen: [Int32] = []
        chosen.reserveCapacity(min(count, total))
        for index in 0..<total where chosen.count < count {
            let left = UInt64(total - index)
            if Int(next() % left) < count - chosen.count { chosen.append(Int32(index)) }
        }
        return chosen
    }

    /// A number in 0..<1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
