/// A corpus that grows after it was indexed: docids and generators are trained on its start, and parts of equal size are
/// added without training (Mehta et al. 2022, DSI++).
package struct StudyGrowth: Sendable, Hashable {
    /// The share of passages that is there from the start, above 0 and below 1.
    package var start: Double
    /// How many parts come, one after the other.
    package var parts: Int

    package init(start: Double = 0.5, parts: Int = 5) { (self.start, self.parts) = (start, parts) }

    /// Passages after a step; step 0 is the start. Parts differ by one passage at most.
    package func passages(of size: Int, after step: Int) -> Int {
        let first = min(size, max(1, Int((Double(size) * start).rounded())))
        return first + (size - first) * step / parts
    }
}
