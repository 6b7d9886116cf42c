import Foundation

/// SEAL's key weight (Bevilacqua et al. 2022, section 3.2; `keys.py` of the reference): the
/// log-odds of the key given the query against the key in the corpus, cut at zero, to a power.
///
///     p(n) = (count(n) + smoothing) / (N + smoothing)
///     s    = log p(n|q) * (1 - lengthDiscount) ^ (|n| - 1)
///     w(n) = max(0, s + log(1 - p(n)) - log p(n) - log(1 - e^s)) ^ exponent
///
/// Without the corpus (`usesCounts` false) the weight is how much better a key scores than the worst:
///
///     w(n) = (max(0, log p(n|q) - cutoff) * (1 - lengthDiscount) ^ (|n| - 1)) ^ exponent
///     cutoff = the lowest log p(n|q) of all keys, less 0.1
public struct KeyWeighting: Sendable, Codable, Equatable {
    public var exponent: Float = 2
    public var smoothing: Float = 5
    /// What each token after the first takes off a key's score; SEAL's `scoring_length_penalty`.
    public var lengthDiscount: Float = 0
    /// Whether a key is weighed against how often the corpus has it.
    public var usesCounts = true
    /// Whether single tokens' weights are raised to the exponent too. The paper's formula is; the
    /// reference only does so without counts.
    public var raisesUnigrams = false
    /// What the weights of generated keys are multiplied by, those of the query's own n-grams being as
    /// they are.
    public var generatedFactor: Float = 1
    /// What the weights of single tokens are multiplied by.
    public var unigramFactor: Float = 1

    public init() {}

    /// The log-odds, not below zero, without the exponent.
    public func logOdds(logProb: Float, count: Int, corpusTokens: Int, length: Int = 1) -> Float {
        guard count > 0 else { return 0 }
        let given = Double(min(logProb, -1e-10)) * discount(length)
        let prior = (Double(count) + Double(smoothing)) / (Double(corpusTokens) + Double(smoothing))
        guard prior < 1 else { return 0 }
        let odds = given + log1p(-prior) - log(prior) - log(-expm1(given))
        return Float(max(0, odds))
    }

    /// The log-probability up to which no key that occurs weighs anything, that of an n-gram which occurs
    /// once; -infinity where the corpus' counts do not decide.
    ///
    /// log p(n|q) only falls as a key grows, so that nothing which begins with a key of less weighs anything
    /// either.
    func leastLogProb(corpusTokens: Int) -> Float {
        guard usesCounts, lengthDiscount == 0 else { return -.infinity }
        return Float(log((1 + Double(smoothing)) / (Double(corpusTokens) + Double(smoothing))))
    }

    /// The margin over the cutoff, without the exponent: the weight without counts.
    public func margin(logProb: Float, cutoff: Float, length: Int) -> Float {
        Float(max(0, Double(logProb) - Double(cutoff)) * discount(length))
    }

    /// Weighs keys in place; a key that does not occur weighs nothing.
    ///
    /// - Returns: the cutoff that single tokens are weighed with; -infinity where counts are used.
    @discardableResult
    public func weigh(_ keys: inout [Key], corpusTokens: Int) -> Float {
        let cutoff = usesCounts ? -Float.infinity : (keys.map(\.logProb).min() ?? 0) - 0.1
        for place in keys.indices {
            let key = keys[place]
            guard key.count > 0 else {
                keys[place].weight = 0
                continue
            }
            keys[place].weight = usesCounts
                ? weight(
                    logProb: key.logProb, count: key.count, corpusTokens: corpusTokens,
                    length: key.tokens.count)
                : pow(margin(logProb: key.logProb, cutoff: cutoff, length: key.tokens.count), exponent)
            if key.kind != .query { keys[place].weight *= generatedFactor }
        }
        return cutoff
    }

    /// The weight of a single token of the first step.
    public func unigramWeight(logProb: Float, count: Int, corpusTokens: Int, cutoff: Float) -> Float {
        let base = usesCounts
            ? logOdds(logProb: logProb, count: count, corpusTokens: corpusTokens)
            : count > 0 ? margin(logProb: logProb, cutoff: cutoff, length: 1) : 0
        return unigramFactor * (raisesUnigrams || !usesCounts ? pow(base, exponent) : base)
    }

    /// The weight of one key against the corpus.
    public func weight(logProb: Float, count: Int, corpusTokens: Int, length: Int = 1) -> Float {
        pow(logOdds(logProb: logProb, count: count, corpusTokens: corpusTokens, length: length), exponent)
    }

    private func discount(_ length: Int) -> Double {
        lengthDiscount == 0 ? 1 : pow(1 - Double(lengthDiscount), Double(length - 1))
    }
}
