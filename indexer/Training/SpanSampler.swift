import Foundation

/// Where the spans of a passage start that a query should generate: near what the two share.
///
/// SEAL draws them by fuzzy overlap of three-word windows (Bevilacqua et al. 2022, section 3.3). Here
/// shared tokens count by rarity, so that the overlap that tells passages apart decides, and what lies beside the overlap
/// counts too (half as much, where nothing else is said), so that the text around it, which the query lacks, is a target:
///
///     o_j = ln(N / count(p_j)) where the query has p_j, 0 for tokens of more than N / 400 occurrences
///     w_i = (sum of o over the span from i + b · sum of o over the 5 tokens on either side)² + 1
///
/// and a span starts at a word that begins there. A start that leaves no room for a whole span weighs
/// a quarter.
package struct SpanSampler: Sendable {
    /// Tokens of a span.
    let length: Int
    /// b: what the overlap beside a span counts, the overlap in it being 1.
    let besideWeight: Float
    /// For each token whether a span may start with it.
    let startsWord: [Bool]
    /// ln(N / count), 0 for what is too frequent to tell passages apart.
    private let rarity: [Float]

    private static let beside = 5
    private static let frequent = 400

    /// - Parameter startsWord: as many entries as the vocabulary has tokens.
    package init(passages: TokenLists, startsWord: [Bool], length: Int, besideWeight: Float = 0.5) {
        (self.length, self.besideWeight) = (length, besideWeight)
        self.startsWord = startsWord
        var counts = [Int](repeating: 0, count: startsWord.count)
        for token in passages.tokens where counts.indices.contains(Int(token)) { counts[Int(token)] += 1 }
        let total = passages.tokens.count
        rarity = counts.map { count in
            count == 0 || count * Self.frequent > total ? 0 : log(Float(total) / Float(count))
        }
    }

    /// The share of each place of a passage as a start; they sum to 1. Empty for an empty passage.
    package func starts(query: ArraySlice<Int32>, passage: ArraySlice<Int32>) -> [Float] {
        let shared = Set(query)
        // sums[i]: of the tokens before i.
        var sums: [Float] = [0]
        sums.reserveCapacity(passage.count + 1)
        for token in passage {
            let value = shared.contains(token) ? rarity[Int(token)] : 0
            sums.append((sums.last ?? 0) + value)
        }
        let count = passage.count
        var weights = [Float](repeating: 0, count: count)
        var total: Float = 0
        for (place, token) in passage.enumerated() where startsWord[Int(token)] {
            let end = min(place + length, count)
            let inside = sums[end] - sums[place]
            let around = sums[min(end + Self.beside, count)] - sums[max(place - Self.beside, 0)] - inside
            let root = inside + besideWeight * around
            weights[place] = (root * root + 1) * (place + length > count && count > length ? 0.25 : 1)
            total += weights[place]
        }
        guard total > 0 else { return [Float](repeating: 1 / Float(max(1, count)), count: count) }
        for place in weights.indices { weights[place] /= total }
        return weights
    }

    /// Draws a start; `draw` is uniform in 0..<1.
    package static func pick(_ starts: [Float], _ draw: Double) -> Int {
        var rest = Float(draw)
        for (place, share) in starts.enumerated() {
            rest -= share
            if rest < 0 { return place }
        }
        return starts.lastIndex { $0 > 0 } ?? 0
    }
}
