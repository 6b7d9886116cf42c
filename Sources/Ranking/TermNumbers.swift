/// Numbers for distinct byte strings in the order of their first appearance: a hash table with
/// open addressing over one array of all their bytes, so that a string costs no allocation.
struct TermNumbers {
    /// The strings, one behind the other.
    private(set) var bytes: [UInt8] = []
    /// Where each string starts, and the end of the last.
    private(set) var offsets: [UInt64] = [0]
    // The hash in the upper half, so that most strings that differ are told apart without being
    // read, and the number plus one in the lower; 0 is free. A power of two, at most half full.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)

    var count: Int { offsets.count - 1 }

    /// The memory that all of it takes.
    var byteCount: Int { bytes.count + 8 * (offsets.count + slots.count) }

    /// The number of a string, which is new when it equals the count before; O(length).
    ///
    /// - Precondition: fewer than 2^32 - 1 strings.
    mutating func number(of term: UnsafeBufferPointer<UInt8>) -> Int {
        let hash = Self.hash(term)
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash {
                let number = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
                if equals(number, term) { return number }
            }
            slot = (slot + 1) & mask
        }
        let number = count
        slots[slot] = UInt64(hash) << 32 | UInt64(UInt32(number + 1))
        bytes.append(contentsOf: term)
        offsets.append(UInt64(bytes.count))
        if 2 * count > slots.count { grow() }
        return number
    }

    private func equals(_ number: Int, _ term: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(offsets[number])
        guard Int(offsets[number + 1]) - start == term.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for i in 0..<term.count where bytes[start + i] != term[i] { return false }
            return true
        }
    }

    private mutating func grow() {
        var wider = [UInt64](repeating: 0, count: 2 * slots.count)
        let mask = wider.count - 1
        for entry in slots where entry != 0 {
            var slot = Int(entry >> 32) & mask
            while wider[slot] != 0 { slot = (slot + 1) & mask }
            wider[slot] = entry
        }
        slots = wider
    }

    /// FNV-1a (Fowler, Noll, Vo), and a last multiplication whose upper half depends on all bytes.
    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
