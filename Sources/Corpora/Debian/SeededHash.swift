/// A hash of names that is the same on every machine, for choosing without an order of their own.
enum SeededHash {
    static func of(_ name: String, seed: UInt64) -> UInt64 {
        var mixed = IdentifierTable.hash(name) ^ (seed &* 0x9e37_79b9_7f4a_7c15)
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
