import Memory

extension ResidualQuantiser {
    /// The codebooks as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let sizes = [UInt64(dimension), UInt64(levelCount)]
        return [
            FrozenArray(sizes).section("docids.quantiser.sizes"),
            FrozenArray(codewordCounts.map(UInt64.init)).section("docids.quantiser.counts"),
            codebooks.section("docids.quantiser.codebooks"),
        ]
    }

    /// Reads codebooks from their sections; the codewords are not copied.
    ///
    /// - Throws: ``DocidError`` when the sections contradict one another, and what `sections`
    ///   throws.
    package init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let reader = SectionReader(source: source)
            let sizes = try reader.sizes("docids.quantiser.sizes", count: 2)
            guard (1...65_536).contains(sizes[0]), (1...65_536).contains(sizes[1]) else {
                throw DocidError("docids.quantiser.sizes", "impossible sizes \(sizes)")
            }
            let counts = try reader.sizes("docids.quantiser.counts", count: sizes[1])
            guard counts.allSatisfy({ (1...65_536).contains($0) }) else {
                throw DocidError("docids.quantiser.counts", "a level without codewords")
            }
            let codebooks = try reader.elements(
                "docids.quantiser.codebooks", of: Float.self, count: counts.reduce(0, +) * sizes[0])
            return ResidualQuantiser(
                dimension: sizes[0], codewordCounts: counts, codebooks: codebooks)
        }
    }
}
