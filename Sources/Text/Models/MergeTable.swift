/// The merges of a BPE model: which pairs of tokens join, in which order, and to what.
///
/// Open addressing over pairs; half the slots at least are free.
struct MergeTable: Sendable {
    private struct Slot {
        /// Left token in the high half, right token in the low half; all ones when free.
        var pair: UInt64
        /// Rank in the high half, the token they become in the low half.
        var value: UInt64
    }

    /// No merge: later than every other.
    static let none = UInt64.max

    private var slots: [Slot]
    private let shift: UInt64

    init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        slots = [Slot](repeating: Slot(pair: .max, value: MergeTable.none), count: 1 << bits)
        shift = 64 - bits
    }

    @inline(__always)
    private func index(_ pair: UInt64) -> Int {
        // Multiplicative hashing: the product's high bits depend on all of the pair's.
        Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Sets a merge; of two for the same pair the later one counts, as in the reference.
    mutating func set(_ left: Int32, _ right: Int32, rank: Int, token: Int32) {
        let key = MergeTable.key(left, right)
        let mask = slots.count - 1
        var slot = index(key)
        while slots[slot].pair != .max, slots[slot].pair != key { slot = (slot + 1) & mask }
        slots[slot] = Slot(
            pair: key, value: UInt64(rank) << 32 | UInt64(UInt32(bitPattern: token)))
    }

    /// Rank and token of a merge in one number that orders by rank; ``none`` without a merge.
    @inline(__always)
    func value(_ left: Int32, _ right: Int32) -> UInt64 {
        let key = MergeTable.key(left, right)
        return slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var slot = index(key)
            while true {
                let entry = slots[slot]
                if entry.pair == key { return entry.value }
                if entry.pair == .max { return MergeTable.none }
                slot = (slot + 1) & mask
            }
        }
    }
}
