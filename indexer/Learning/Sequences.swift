/// Sequences of different lengths whose rows are stacked without padding.
package struct Sequences: Sendable, Equatable {
    /// Where each sequence starts, and the number of rows at the end.
    package let offsets: [Int]

    /// Sequences of given lengths, which may be zero.
    package init(lengths: [Int]) {
        var total = 0
        offsets =
            [0]
            + lengths.map { length in
                precondition(length >= 0, "a sequence cannot have a negative length")
                total += length
                return total
            }
    }

    package var count: Int { offsets.count - 1 }

    /// The rows of all sequences.
    package var rowCount: Int { offsets[offsets.count - 1] }

    /// The rows of one sequence.
    package subscript(index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }
}
