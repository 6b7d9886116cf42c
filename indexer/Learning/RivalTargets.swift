import Foundation

/// Sequences that contend with one another: the same tokens, each predicted from another source, of which
/// the first is the right one.
///
/// With s_i the log-probability of sequence i of a group, the group's loss is -log softmax(s)_0: with every
/// source as likely as the next beforehand, the probability of the right one given the tokens (maximum
/// mutual information, Bahl et al. 1986). The likelihood of the others is not taught.
package struct RivalTargets {
    /// The rows of each sequence.
    package let sequences: Sequences
    /// The sequences of each group, the right one first.
    package let groups: [Range<Int>]
    /// What the mean of the groups' losses counts beside the mean of -log p over the rows that are taught.
    package let weight: Double

    package init(sequences: Sequences, groups: [Range<Int>], weight: Double) {
        precondition(groups.allSatisfy { !$0.isEmpty && $0.upperBound <= sequences.count }, "no such sequence")
        (self.sequences, self.groups, self.weight) = (sequences, groups, weight)
    }

    /// The loss, and the weight of each row in a sum of weighted -log p that has the loss's gradient.
    ///
    /// - Parameter losses: -log p of every row.
    package func loss(of losses: [Double]) -> (value: Double, weights: [Float]) {
        var isTaught = [Bool](repeating: true, count: sequences.count)
        for group in groups { for sequence in group.dropFirst() { isTaught[sequence] = false } }
        let taught = (0..<sequences.count).filter { isTaught[$0] }.reduce(0) { $0 + sequences[$1].count }
        let (share, groupShare) = (1 / Double(max(1, taught)), weight / Double(max(1, groups.count)))
        var weights = [Double](repeating: 0, count: losses.count)
        var value = 0.0
        for sequence in 0..<sequences.count where isTaught[sequence] {
            for row in sequences[sequence] {
                weights[row] = share
                value += share * losses[row]
            }
        }
        for group in groups {
            let scores = group.map { -losses[sequences[$0]].reduce(0, +) }
            let top = scores.max() ?? 0
            let total = top + log(scores.reduce(0) { $0 + exp($1 - top) })
            value += groupShare * (total - scores[0])
            for (place, sequence) in group.enumerated() {
                let pull = (place == 0 ? 1 : 0) - exp(scores[place] - total)
                for row in sequences[sequence] { weights[row] += groupShare * pull }
            }
        }
        return (value, weights.map { Float($0) })
    }
}
