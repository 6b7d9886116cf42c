/// Random signs from a seed, 64 to a step of SplitMix64; the same on every machine.
struct SignGenerator {
    private var state: UInt64
    private var bits: UInt64 = 0
    private var left = 0

    init(seed: UInt64) { state = seed }

    mutating func nextIsNegative() -> Bool {
        if left == 0 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            bits = mixed ^ mixed >> 31
            left = 64
        }
        defer {
            bits >>= 1
            left -= 1
        }
        return bits & 1 == 1
    }
}
