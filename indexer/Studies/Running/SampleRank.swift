import Storage

/// Where a passage stands in the random order of a seed: the first 16 bytes, read as one number with the most significant
/// byte first, of SHA-256 over the seed (8 bytes, least significant first) and the UTF-8 of the passage's id.
///
/// It depends on nothing else, so that every machine and every order of a corpus give the same samples, and the smaller of
/// two samples is a part of the larger. Two ids of equal rank do not occur in practice.
package struct SampleRank: Sendable, Hashable, Comparable {
    package let high: UInt64
    package let low: UInt64

    package init(seed: UInt64, id: String) {
        var hash = SHA256()
        withUnsafeBytes(of: seed.littleEndian) { hash.update($0) }
        hash.update(id)
        let digest = hash.digest()
        high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    package static func < (one: SampleRank, other: SampleRank) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }
}
