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
        var places = [QueryWords.Place](repeating: .init(), count: prefixes.parents.count)
        for (length, level) in prefixes.levels.enumerated().dropFirst() {
            for node in level {
                let parent = Int(prefixes.parents[node])
                let token = prefixes.tokens[node]
                guard prefixes.counts[node] > 0 || length == 1 else {
                    sums[node] = -.infinity
                    continue
                }
                guard length > 1 else {
                    sums[node] = first[token] ?? -.infinity
                    places[node] = words.start(token)
                    continue
                }
                let step = words.step(
                    places[parent], token,
                    corpus: Float(prefixes.counts[node]) / Float(prefixes.counts[parent]),
                    gate: options.gate, follow: options.follow)
                sums[node] = step.probability > 0 ? sums[parent] + log(step.probability) : -.infinity
                places[node] = step.place
            }
        }
        return sums
    }
}
