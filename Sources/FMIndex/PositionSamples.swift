import Memory
import Succinct

/// The text positions of every `rate`-th position's row: a row in between finds its own by walking
/// through the text to the nearest sample, `rate` / 2 steps on average.
struct PositionSamples: Sendable {
    static let rate = 32

    /// A one for each row whose position is a multiple of the rate.
    let marks: RankBitVector
    /// Those positions, divided by the rate, in the order of the rows.
    let positions: PackedInts

    /// Nil when the parts do not fit a text of `length` symbols.
    init?(marks: RankBitVector, positions: PackedInts, length: Int) {
        guard marks.count == length, positions.count == (length + Self.rate - 1) / Self.rate,
            marks.ones == positions.count
        else { return nil }
        self.init(marks: marks, positions: positions)
    }

    init(marks: RankBitVector, positions: PackedInts) {
        self.marks = marks
        self.positions = positions
    }

    /// The position of a row, if it is a sample.
    @inline(__always)
    func position(of row: Int) -> Int? {
        guard marks[row] else { return nil }
        let index = marks.rank(row)
        return index >= 0 && index < positions.count ? positions[index] * Self.rate : nil
    }
}
