import Memory
import Tensors

/// What docids stand for: vectors of passages and of their parts. A passage has one or more.
package struct DocidEntries: Sendable {
    /// One vector an entry, in 16 bits.
    package let vectors: HalfVectors
    /// Which passages they are of.
    package let owners: EntryPassages

    package var passages: FrozenArray<Int32> { owners.passages }
    package var passageCount: Int { owners.passageCount }
    package var count: Int { owners.count }
    package var dimension: Int { vectors.dimension }

    /// - Precondition: the passages rise from 0 to `passageCount` - 1, none left out.
    package init(vectors: HalfVectors, passages: FrozenArray<Int32>, passageCount: Int) {
        guard let owners = EntryPassages(passages, passageCount: passageCount), owners.count == vectors.count else {
            preconditionFailure("every passage needs an entry")
        }
        self.init(vectors: vectors, owners: owners)
    }

    private init(vectors: HalfVectors, owners: EntryPassages) { (self.vectors, self.owners) = (vectors, owners) }

    /// The entries of a passage; O(log count).
    package func entries(of passage: Int32) -> Range<Int> { owners.entries(of: passage) }

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
            guard let owners = EntryPassages(passages, passageCount: sizes[0]), owners.count == vectors.count else {
                throw DocidError("docids.entries.passages", "the passages do not follow one another")
            }
            return DocidEntries(vectors: vectors, owners: owners)
        }
    }
}
