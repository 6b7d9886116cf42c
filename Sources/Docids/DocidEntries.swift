import Memory
import Tensors

/// What docids stand for: vectors of passages and of their parts. A passage has one or more.
package struct DocidEntries: Sendable {
    /// One vector an entry, in 16 bits.
    package let vectors: HalfVectors
    /// The passage of each entry, rising.
    package let passages: FrozenArray<Int32>
    /// The number of passages, every one of which has an entry.
    package let passageCount: Int

    package var count: Int { passages.count }
    package var dimension: Int { vectors.dimension }

    /// - Precondition: the passages rise from 0 to `passageCount` - 1, none left out.
    package init(vectors: HalfVectors, passages: FrozenArray<Int32>, passageCount: Int) {
        precondition(Self.fits(vectors, passages, passageCount), "every passage needs an entry")
        self.vectors = vectors
        self.passages = passages
        self.passageCount = passageCount
    }

    private static func fits(_ vectors: HalfVectors, _ passages: FrozenArray<Int32>, _ count: Int) -> Bool {
        var last = -1
        for place in 0..<passages.count {
            let passage = Int(passages[place])
            guard passage >= max(0, last), passage <= last + 1 else { return false }
            last = passage
        }
        return vectors.count == passages.count && last + 1 == count
    }

    /// The entries of a passage; O(log count).
    package func entries(of passage: Int32) -> Range<Int> {
        first(from: passage)..<first(from: passage + 1)
    }

    private func first(from passage: Int32) -> Int {
        var (low, high) = (0, passages.count)
        while low < high {
            let middle = (low + high) / 2
            if passages[middle] < passage { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The entries as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let sizes = [UInt64(passageCount), UInt64(count), UInt64(dimension)]
        return [
            FrozenArray(sizes).section("docids.entries.sizes"),
            passages.section("docids.entries.passages"), vectors.bits.section("docids.entries.vectors"),
        ]
    }

    /// Reads entries from their sections without copying them; O(count).
    ///
    /// - Throws: ``DocidError`` when the sections contradict one another, and what `sections` throws.
    package init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let reader = SectionReader(source: source)
            let sizes = try reader.sizes("docids.entries.sizes", count: 3)
            guard (1...65_536).contains(sizes[2]) else {
                throw DocidError("docids.entries.sizes", "impossible dimension \(sizes[2])")
            }
            let passages = try reader.elements("docids.entries.passages", of: Int32.self, count: sizes[1])
            let bits = try reader.elements(
                "docids.entries.vectors", of: UInt16.self, count: sizes[1] * sizes[2])
            let vectors = HalfVectors(bits: bits, dimension: sizes[2])
            guard Self.fits(vectors, passages, sizes[0]) else {
                throw DocidError("docids.entries.passages", "the passages do not follow one another")
            }
            return DocidEntries(vectors: vectors, passages: passages, passageCount: sizes[0])
        }
    }
}
