import RealModule

/// How alike two rankings are that need not hold the same items nor be equally long (Webber, Moffat and Zobel 2010).
///
/// It is the expected overlap of the two for a reader who goes on from each place to the next with probability p: from 0,
/// nothing in common, to 1, equal.
public struct RankBiasedOverlap: Sendable, Hashable {
    /// The probability p of going on. Near 1 it looks deep.
    public let persistence: Double
    /// The items that are in both.
    public let common: Int
    /// The least value that the rankings could have if they went on.
    public let minimum: Double
    /// The greatest value that they could have, less ``minimum``.
    public let residual: Double
    /// The value if they went on as they are: the one to report. An empty ranking shares nothing and gives 0.
    public let extrapolated: Double

    /// - Parameters:
    ///   - first: items, best first, each once.
    ///   - second: as `first`.
    ///   - persistence: between 0 and 1, neither included.
    /// - Complexity: O(n) in the items of both.
    public init<Item: Hashable>(_ first: [Item], _ second: [Item], persistence p: Double = 0.9) {
        precondition(p > 0 && p < 1, "the persistence is between 0 and 1")
        let overlaps = Self.overlaps(first, second)
        let long = overlaps.count
        let short = min(first.count, second.count)
        let found = Double(overlaps.last ?? 0)
        let foundInShort = short > 0 ? Double(overlaps[short - 1]) : 0
        let scale = (1 - p) / p

        var power = 1.0
        var (atLeast, going) = (0.0, 0.0)
        for (index, overlap) in overlaps.enumerated() {
            let depth = index + 1
            power *= p
            let term = power / Double(depth)
            atLeast += (Double(overlap) - found) * term
            going += Double(overlap) * term
            if depth > short, short > 0 {
                going += foundInShort * Double(depth - short) / Double(short) * term
            }
        }
        persistence = p
        common = overlaps.last ?? 0
        minimum = scale * (atLeast - found * Double.log(onePlus: -p))
        // What stands behind the end of the longer: the overlap goes on in the share that it had there.
        let share =
            short > 0 ? (found - foundInShort) / Double(long) + foundInShort / Double(short) : 0
        extrapolated = scale * going + share * power
        residual = Self.residual(short, long, common, p)
    }

    /// The weight of the first places in the whole value: with p = 0.9 the first ten have .8556.
    ///
    /// - Complexity: O(count).
    public static func weight(ofFirst count: Int, persistence p: Double) -> Double {
        guard count > 0 else { return 0 }
        let head = partialSum(0, count - 1, p)
        return 1 - Double.pow(p, count - 1) + (1 - p) / p * Double(count) * (-Double.log(onePlus: -p) - head)
    }

    /// The size of the overlap of the first d items, for d from 1 to the length of the longer ranking.
    private static func overlaps<Item: Hashable>(_ first: [Item], _ second: [Item]) -> [Int] {
        var (seenFirst, seenSecond) = (Set<Item>(), Set<Item>())
        var overlap = 0
        return (0..<max(first.count, second.count)).map { place in
            if place < first.count {
                seenFirst.insert(first[place])
                if seenSecond.contains(first[place]) { overlap += 1 }
            }
            if place < second.count {
                seenSecond.insert(second[place])
                if seenFirst.contains(second[place]) { overlap += 1 }
            }
            return overlap
        }
    }

    /// Equation 30 of the paper, for rankings of uneven lengths.
    private static func residual(_ short: Int, _ long: Int, _ common: Int, _ p: Double) -> Double {
        // From this depth on, the best that could follow overlaps in full.
        let full = short + long - common
        let whole = -Double.log(onePlus: -p)
        let inner =
            Double(short) * partialSum(short, full, p) + Double(long) * partialSum(long, full, p)
            + Double(common) * (whole - partialSum(0, full, p))
        return Double.pow(p, short) + Double.pow(p, long) - Double.pow(p, full) - (1 - p) / p * inner
    }

    /// Σ p^d/d for d above `from` up to `to`.
    private static func partialSum(_ from: Int, _ to: Int, _ p: Double) -> Double {
        var power = Double.pow(p, from)
        var sum = 0.0
        for depth in from..<to {
            power *= p
            sum += power / Double(depth + 1)
        }
        return sum
    }
}
