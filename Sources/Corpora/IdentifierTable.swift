/// The identifiers met so far, by hash, each with the place where it stood.
///
/// Sixteen bytes a slot instead of the identifiers themselves, so that the check for duplicates
/// fits in memory for corpora of many millions; equal hashes are settled by reading the place again.
struct IdentifierTable: Sendable {
    private var hashes: [UInt64]
    private var places: [UInt64]
    private var count = 0

    init() {
        hashes = Array(repeating: 0, count: 1 << 12)
        places = Array(repeating: 0, count: 1 << 12)
    }

    /// Adds an identifier, or returns the place of the one that `isSame` says is equal.
    ///
    /// - Complexity: amortised O(1).
    mutating func insert(
        _ id: String, place: SourcePlace, isSame: (SourcePlace) throws(CorpusError) -> Bool
    ) throws(CorpusError) -> SourcePlace? {
        if count * 3 >= hashes.count * 2 { grow() }
        let hash = Self.hash(id)
        var slot = Int(truncatingIfNeeded: hash) & (hashes.count - 1)
        while places[slot] != 0 {
            if hashes[slot] == hash {
                let earlier = SourcePlace(code: places[slot])
                if try isSame(earlier) { return earlier }
            }
            slot = (slot + 1) & (hashes.count - 1)
        }
        hashes[slot] = hash
        places[slot] = place.code
        count += 1
        return nil
    }

    private mutating func grow() {
        let size = hashes.count * 2
        var newHashes = [UInt64](repeating: 0, count: size)
        var newPlaces = [UInt64](repeating: 0, count: size)
        for index in places.indices where places[index] != 0 {
            var slot = Int(truncatingIfNeeded: hashes[index]) & (size - 1)
            while newPlaces[slot] != 0 { slot = (slot + 1) & (size - 1) }
            newHashes[slot] = hashes[index]
            newPlaces[slot] = places[index]
        }
        hashes = newHashes
        places = newPlaces
    }

    /// FNV-1a over the bytes, then mixed so that the low bits depend on all of them.
    static func hash(_ id: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        return hash ^ hash >> 29
    }
}

/// A line of one of a corpus' files, in eight bytes.
struct SourcePlace: Sendable {
    let file: Int
    let line: Int

    init(file: Int, line: Int) {
        self.file = file
        self.line = line
    }

    init(code: UInt64) {
        file = Int(code >> 40)
        line = Int(code & (1 << 40 - 1))
    }

    /// Never 0, as lines count from 1.
    var code: UInt64 { UInt64(file) << 40 | UInt64(line) }
}
