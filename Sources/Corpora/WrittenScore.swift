/// A score with six decimals that sorts behind the entry before it.
struct WrittenScore {
    let text: String
    /// The value that a reader of the text gets.
    let value: Double

    /// Beyond this magnitude six decimals are below the precision of a double.
    private static let largest = 1e9

    /// Nil where the score is no number or too large to be written with six decimals.
    init?(_ entry: TRECRun.Entry, behind previous: TRECRun.Entry?) {
        guard entry.score.isFinite, abs(entry.score) <= Self.largest else { return nil }
        var millionths = (entry.score * 1e6).rounded()
        if let previous {
            let fits = { (millionths: Double) in
                // Readers of runs compare in double or in single precision; the order holds in both.
                let written = TRECRun.Entry(passage: entry.passage, score: millionths / 1e6)
                return TRECRun.precedes(previous, written)
                    && TRECRun.precedesInSinglePrecision(previous, written)
            }
            if !fits(millionths) {
                // The tie itself may do, with a smaller identifier; else the next smaller single.
                let tied = (previous.score * 1e6).rounded()
                millionths = tied
                if !fits(millionths) {
                    millionths = (Double(Float(previous.score).nextDown) * 1e6).rounded(.down)
                    while !fits(millionths) { millionths -= 1 }
                }
            }
        }
        guard let whole = Int64(exactly: millionths) else { return nil }
        let magnitude = whole.magnitude
        let decimals = String(magnitude % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - decimals.count)
        text = "\(whole < 0 ? "-" : "")\(magnitude / 1_000_000).\(zeros)\(decimals)"
        value = millionths / 1e6
    }
}
