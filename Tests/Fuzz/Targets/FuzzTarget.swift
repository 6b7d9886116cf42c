/// One reader of bytes that come from outside, with what it is fed: valid seeds, and how they are spoilt.
package struct FuzzTarget: Sendable {
    /// How a seed is spoilt.
    package enum Shape: Sendable {
        case text
        case bytes
        /// JSON, of which values are exchanged as a rule.
        case json
        /// The same behind its length in eight bytes, with other bytes behind it.
        case tensors
        /// A container file: its sections are spoilt and its checksums made right again.
        case container
    }

    /// Reads an input and uses all that came of it. What it throws is what hostile bytes are meant to get.
    package typealias Reader = ([UInt8]) throws -> Void

    package let name: String
    let shape: Shape
    /// Words of the format, which are put into inputs.
    let words: [String]
    /// Made with our own writers.
    package let seeds: @Sendable (FuzzWorld) throws -> [[UInt8]]
    /// Made once in a process.
    package let reader: @Sendable (FuzzWorld) throws -> Reader

    init(
        _ name: String, _ shape: Shape, words: [String] = [],
        seeds: @escaping @Sendable (FuzzWorld) throws -> [[UInt8]],
        reader: @escaping @Sendable (FuzzWorld) throws -> Reader
    ) {
        (self.name, self.shape, self.words, self.seeds, self.reader) = (name, shape, words, seeds, reader)
    }

    /// All of them; those of an index's files are known where the index is.
    package static let all: [FuzzTarget] =
        corpora + recipes + judgements + values + vectors + tokenizers + checkpoints + structures + fields + indexFiles

    package static func named(_ name: String) -> FuzzTarget? { (all + [deliberate]).first { $0.name == name } }

    /// Crashes, so that it can be tested that a crash is noticed.
    private static let deliberate = FuzzTarget("deliberate-crash", .bytes) { _ in
        []
    } reader: { _ in
        { if $0 == [0x78] { fatalError("deliberate") } }
    }
}
