import Memory

/// Puts interesting little-endian integers at aligned places.
enum NumberMutator {
    static func spoil(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let width = [1, 2, 4, 4, 8, 8][Int.random(in: 0..<6, using: &random)]
        let count = bytes.count / width
        guard count > 0 else {
            bytes.append(contentsOf: [UInt8](repeating: 0xFF, count: Int.random(in: 0...16, using: &random)))
            return
        }
        // The first numbers of a section are often its sizes.
        let place =
            Int.random(in: 0..<3, using: &random) == 0
            ? Int.random(in: 0..<min(8, count), using: &random) : Int.random(in: 0..<count, using: &random)
        let start = place * width
        var value = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        switch Int.random(in: 0..<14, using: &random) {
        case 0: value = 0
        case 1: value = .max
        case 2: value = 1 << UInt64(8 * width - 1)
        case 3: value = (1 << UInt64(8 * width - 1)) - 1
        case 4: value &+= 1
        case 5: value &-= 1
        case 6: value = UInt64(bytes.count / width)
        case 7: value = UInt64.random(in: 0..<64, using: &random)
        case 8: value ^= 1 << UInt64.random(in: 0..<UInt64(8 * width), using: &random)
        case 9: value = 1 << UInt64.random(in: 0..<UInt64(8 * width), using: &random)
        case 10: value = UInt64.random(in: 0...UInt64.max, using: &random)
        case 11:
            // Two numbers change places.
            let other = Int.random(in: 0..<count, using: &random) * width
            for index in 0..<width { bytes.swapAt(start + index, other + index) }
            return
        case 12:
            bytes.removeLast(Int.random(in: 0..<min(bytes.count, 64), using: &random))
            return
        default:
            let run = min(count - place, Int.random(in: 1...64, using: &random)) * width
            for index in start..<start + run { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            return
        }
        for index in 0..<width { bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }
}
