/// Numbers for distinct byte strings in the order of their first appearance: a hash table with
/// open addressing over one array of all their bytes, so that a string costs no allocation.
struct TermNumbers {
    /// The strings, one behind the other.
    private(set) var bytes: [UInt8] = []
    /// Where each string starts, and the end of the last.
    private(set) var offsets: [UInt64] = [0]
    private var hashes: [UInt32] = []
    // A string's number plus one; 0 is free. A power of two, at most two thirds full.
    private var slots = [UInt32](repeating: 0, count: 1 << 10)

    var count: Int { hashes.count }

    /// The number of a string, which is new when it equals the count before; O(length).
    mutating func number(of term: UnsafeBufferPointer<UInt8>) -> Int {
        let hash = Self.hash(term)
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, equals(number, term) { return number }
            slot = (slot + 1) & mask
        }
        let number = hashes.count
        slots[slot] = UInt32(number + 1)
        hashes.append(hash)
        bytes.append(contentsOf: term)
        offsets.append(UInt64(bytes.count))
        if 3 * hashes.count > 2 * slots.count { grow() }
        return number
    }

    private func equals(_ number: Int, _ term: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(offsets[number])
        guard Int(offsets[number + 1]) - start == term.count else { return false }
        for i in 0..<term.count where bytes[start + i] != term[i] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: 2 * slots.count)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// FNV-1a (Fowler, Noll, Vo), and a last multiplication that mixes the low bits.
    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
