import RealModule

/// How many of some marked things are in a random sample without replacement.
package struct Hypergeometric: Sendable {
    /// All things, the marked ones among them, and the things drawn.
    package let total: Int
    package let marked: Int
    package let drawn: Int

    package init(total: Int, marked: Int, drawn: Int) {
        precondition(total >= 0 && (0...total).contains(marked) && (0...total).contains(drawn))
        self.total = total
        self.marked = marked
        self.drawn = drawn
    }

    package var support: ClosedRange<Int> { max(0, drawn - (total - marked))...min(marked, drawn) }

    /// The chance of each number of the support up to `most`.
    ///
    /// Starts at the likeliest number and steps to both sides, so that nothing underflows that matters.
    ///
    /// - Complexity: linear in the numbers from the least to the larger of `most` and the likeliest.
    package func probabilities(upTo most: Int) -> [Double] {
        let support = support
        let last = min(most, support.upperBound)
        guard last >= support.lowerBound else { return [] }
        let likeliest = min(
            max(Int(Double(drawn + 1) * Double(marked + 1) / Double(total + 2)), support.lowerBound),
            support.upperBound)
        let start = min(likeliest, last)
        var values = [Double](repeating: 0, count: last - support.lowerBound + 1)
        values[start - support.lowerBound] = Double.exp(logProbability(start))
        var value = values[start - support.lowerBound]
        for number in stride(from: start, to: last, by: 1) {
            value *= ratio(number)
            values[number + 1 - support.lowerBound] = value
        }
        value = values[start - support.lowerBound]
        for number in stride(from: start, to: support.lowerBound, by: -1) {
            value /= ratio(number - 1)
            values[number - 1 - support.lowerBound] = value
        }
        return values
    }

    /// The chance of one more over the chance of `number`.
    private func ratio(_ number: Int) -> Double {
        Double(marked - number) * Double(drawn - number)
            / (Double(number + 1) * Double(total - marked - drawn + number + 1))
    }

    private func logProbability(_ number: Int) -> Double {
        Self.logChoose(marked, number) + Self.logChoose(total - marked, drawn - number) - Self.logChoose(total, drawn)
    }

    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        Double.logGamma(Double(n) + 1) - Double.logGamma(Double(k) + 1) - Double.logGamma(Double(n - k) + 1)
    }
}
