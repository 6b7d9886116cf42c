/// Sequences of different lengths whose rows are stacked without padding.
public struct Sequences: Sendable, Equatable {
    /// Where each sequence starts, and the number of rows at the end.
    public let offsets: [Int]

    /// Sequences of given lengths, which may be zero.
    public init(lengths: [Int]) {
        var total = 0
        offsets = [0] + lengths.map { length in
            precondition(length >= 0, "a sequence cannot have a negative length")
            total += length
            return total
        }
    }

    public var count: Int { offsets.count - 1 }

    /// The rows of all sequences.
    public var rowCount: Int { offsets[offsets.count - 1] }

    /// The rows of one sequence.
    public subscript(index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }
}
