/// SplitMix64 (Steele, Lea, Flood 2014): a small seeded generator whose sequence is the same on
/// every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Sizes at which word, block and cache-line structures go wrong first.
public let boundarySizes = [0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 447, 448, 449, 895, 896, 897, 1500]
