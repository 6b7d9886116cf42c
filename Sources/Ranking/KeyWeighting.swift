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
///
/// A generator of spans gives p(n|q) as the chance that one span, drawn from the places of a relevant
/// passage that fit the query, begins with n; and a passage has many spans. With ``draws`` a key is
/// weighed as what a passage holds instead, so that a key which is all but certain to stand in a relevant
/// passage does not gain from being more certain still:
///
///     w(n) = max(0, log(1 - (1 - p(n|q)) ^ draws) - log(1 - (1 - p(n)) ^ L)) ^ exponent
///
/// where L is the mean length of a passage.
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
    /// How many spans of a relevant passage count as drawn; 0 weighs keys by SEAL's formula.
    public var draws: Float = 0
    /// What the weights of generated keys are multiplied by, those of the query's own n-grams being as
    /// they are.
    public var generatedFactor: Float = 1
    /// The same for other forms of the query's words, which are no keys at 0. A form is as likely as the
    /// word, where that is more.
    public var inflectionFactor: Float = 0
    /// The same for titles.
    public var titleFactor: Float = 1
    /// What the weights of single tokens are multiplied by.
    public var unigramFactor: Float = 1

    public init() {}

    /// The log-odds, not below zero, without the exponent.
    package func logOdds(logProb: Float, count: Int, corpus: CorpusSize, length: Int = 1) -> Float {
        guard count > 0 else { return 0 }
        let given = Double(min(logProb, -1e-10)) * discount(length)
        let prior = prior(count, corpus)
        guard prior < 1 else { return 0 }
        if draws > 0 {
            let relevant = -expm1(Double(draws) * log1p(-exp(given)))
            return Float(max(0, log(relevant) - log(-expm1(corpus.meanLength * log1p(-prior)))))
        }
        let odds = given + log1p(-prior) - log(prior) - log(-expm1(given))
        return Float(max(0, odds))
    }

    /// The log-probability up to which no key that occurs weighs anything, that of an n-gram which occurs
    /// once; -infinity where the corpus' counts do not decide.
    ///
    /// log p(n|q) only falls as a key grows, so that nothing which begins with a key of less weighs anything
    /// either.
    package func leastLogProb(_ corpus: CorpusSize) -> Float {
        guard usesCounts, lengthDiscount == 0 else { return -.infinity }
        let prior = prior(1, corpus)
        guard draws > 0, prior < 1 else { return Float(log(prior)) }
        // (1 - p) ^ draws = (1 - prior) ^ L
        return Float(log(-expm1(corpus.meanLength / Double(draws) * log1p(-prior))))
    }

    /// p(n)
    private func prior(_ count: Int, _ corpus: CorpusSize) -> Double {
        (Double(count) + Double(smoothing)) / (Double(corpus.tokens) + Double(smoothing))
    }

    /// The margin over the cutoff, without the exponent: the weight without counts.
    package func margin(logProb: Float, cutoff: Float, length: Int) -> Float {
        Float(max(0, Double(logProb) - Double(cutoff)) * discount(length))
    }

    /// Weighs keys in place; a key that does not occur weighs nothing.
    ///
    /// - Returns: the cutoff that single tokens are weighed with; -infinity where counts are used.
    @discardableResult
    package func weigh(_ keys: inout [Key], corpus: CorpusSize) -> Float {
        let cutoff = usesCounts ? -Float.infinity : (keys.map(\.logProb).min() ?? 0) - 0.1
        for place in keys.indices {
            let key = keys[place]
            guard key.count > 0 else {
                keys[place].weight = 0
                continue
            }
            keys[place].weight =
                usesCounts
                ? weight(
                    logProb: key.logProb, count: key.familyCount ?? key.count, corpus: corpus,
                    length: key.tokens.count)
                : pow(margin(logProb: key.logProb, cutoff: cutoff, length: key.tokens.count), exponent)
            switch key.kind {
            case .query: break
            case .inflection: keys[place].weight *= inflectionFactor
            case .title: keys[place].weight *= titleFactor
            case .body, .pseudoQuery, .unigram, .terms: keys[place].weight *= generatedFactor
            }
        }
        return cutoff
    }

    /// The weight of a single token of the first step.
    package func unigramWeight(logProb: Float, count: Int, corpus: CorpusSize, cutoff: Float) -> Float {
        let base =
            usesCounts
            ? logOdds(logProb: logProb, count: count, corpus: corpus)
            : count > 0 ? margin(logProb: logProb, cutoff: cutoff, length: 1) : 0
        return unigramFactor * (raisesUnigrams || !usesCounts ? pow(base, exponent) : base)
    }

    /// The weight of one key against the corpus.
    package func weight(logProb: Float, count: Int, corpus: CorpusSize, length: Int = 1) -> Float {
        pow(logOdds(logProb: logProb, count: count, corpus: corpus, length: length), exponent)
    }

    private func discount(_ length: Int) -> Double {
        lengthDiscount == 0 ? 1 : pow(1 - Double(lengthDiscount), Double(length - 1))
    }
}
