import FMIndex
import Foundation

extension AnchoredNgramModel {
    /// The log-probability of every prefix with the counts of all segments: what a model over one index
    /// of the whole corpus would give it.
    ///
    /// A model over one segment follows that segment's counts where it does not copy, so that its scores
    /// cannot stand beside those of another.
    func logProbs(of prefixes: CountedPrefixes) -> [Float] {
        let first = Dictionary(firstStep.map { ($0.token, $0.logProb) }, uniquingKeysWith: { a, _ in a })
        var sums = [Float](repeating: 0, count: prefixes.parents.count)
        for (length, level) in prefixes.levels.enumerated().dropFirst() {
            for node in level {
                let parent = Int(prefixes.parents[node])
                let token = prefixes.tokens[node]
                guard prefixes.counts[node] > 0 || length == 1 else {
                    sums[node] = -.infinity
                    continue
                }
                let step: Float
                if length == 1 {
                    step = first[token] ?? -.infinity
                } else {
                    let corpus = Float(prefixes.counts[node]) / Float(prefixes.counts[parent])
                    step = shareOfCopied[token].map {
                        logProb(token, $0, after: prefixes.tokens[parent], corpus)
                    } ?? log((1 - options.gate) * corpus)
                }
                sums[node] = sums[parent] + step
            }
        }
        return sums
    }
}
