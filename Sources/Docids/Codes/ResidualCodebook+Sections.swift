import Memory
import Tensors

extension ResidualCodebook {
    /// What the names of all sections start with.
    private static let prefix = "book"

    /// The codebook as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let p = Self.prefix
        return [
            FrozenArray([UInt64(dimension), UInt64(width), UInt64(centroidCount)]).section("\(p).sizes"),
            projection.section("\(p).projection"), centroids.section("\(p).centroids"),
            spreads.section("\(p).spreads"), levels.section("\(p).levels"),
        ]
    }

    /// Reads a codebook from its sections.
    ///
    /// - Throws: ``DocidError`` when a size is impossible, a number is none, or the sections contradict one another; what `sections`
    ///   throws.
    package init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let (p, reader) = (Self.prefix, SectionReader(source: source))
            let sizes = try reader.sizes("\(p).sizes", count: 3)
            let (dimension, width, count) = (sizes[0], sizes[1], sizes[2])
            guard (1...1 << 16).contains(dimension), (1...Self.mostCentroids).contains(count),
                (1...Self.mostWidth).contains(width), width % Self.step == 0
            else { throw DocidError("\(p).sizes", "impossible sizes \(sizes)") }
            func numbers(_ name: String, _ count: Int) throws -> FrozenArray<Float> {
                let numbers = try reader.elements("\(p).\(name)", of: Float.self, count: count)
                guard numbers.withUnsafeBuffer({ $0.allSatisfy(\.isFinite) }) else {
                    throw DocidError("\(p).\(name)", "something that is no number")
                }
                return numbers
            }
            return ResidualCodebook(
                dimension: dimension, projection: try numbers("projection", width * dimension),
                centroids: try numbers("centroids", count * width), spreads: try numbers("spreads", width),
                levels: try numbers("levels", Self.levelCount))
        }
    }
}
