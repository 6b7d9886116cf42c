/// A table of distinct byte strings, numbered in order of insertion (open addressing, FNV-1a).
///
/// The hash of a prefix is a step towards the hash of the whole, so that a greedy matcher hashes
/// a word once and then looks up each of its prefixes.
struct ByteTable: Sendable {
    private var arena: [UInt8] = []
    private var ends: [UInt32] = []
    /// Number + 1 in the low half, the hash's high bits in the high half; 0 marks a free slot.
    private var slots: [UInt64]
    private(set) var longest = 0

    static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        bytes.reduce(seed, step)
    }

    init(minimumCapacity: Int = 16) {
        var size = 32
        while size < minimumCapacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
    }

    var count: Int { ends.count }

    /// The bytes with this number.
    func bytes(_ number: Int) -> ArraySlice<UInt8> {
        let start = number == 0 ? 0 : Int(ends[number - 1])
        return arena[start..<Int(ends[number])]
    }

    func string(_ number: Int) -> String {
        String(decoding: bytes(number), as: UTF8.self)
    }

    /// The number of these bytes, or nil; `hash` must be theirs.
    @inline(__always)
    func find(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        let tag = hash >> 32
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if entry >> 32 == tag {
                let number = Int(entry & 0xFFFF_FFFF) - 1
                if equal(number, bytes) { return number }
            }
            slot = (slot + 1) & mask
        }
    }

    func find(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        find(bytes, hash: ByteTable.hash(bytes))
    }

    /// The number of these bytes, which are added when they are new.
    mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>) -> (number: Int, isNew: Bool) {
        let hash = ByteTable.hash(bytes)
        if let number = find(bytes, hash: hash) { return (number, false) }
        precondition(arena.count + bytes.count <= Int(UInt32.max), "more than 4 GiB of strings")
        if (count + 1) * 2 > slots.count { grow() }
        arena.append(contentsOf: bytes)
        ends.append(UInt32(arena.count))
        longest = max(longest, bytes.count)
        place(count, hash)
        return (count - 1, true)
    }

    private func equal(_ number: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = number == 0 ? 0 : Int(ends[number - 1])
        guard Int(ends[number]) - start == bytes.count else { return false }
        return arena.withUnsafeBufferPointer { arena in
            for index in 0..<bytes.count where arena[start + index] != bytes[index] {
                return false
            }
            return true
        }
    }

    private mutating func place(_ numberPlusOne: Int, _ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash >> 32) << 32 | UInt64(numberPlusOne)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            let hash = bytes(number).reduce(ByteTable.seed, ByteTable.step)
            place(number + 1, hash)
        }
    }
}
