import FMIndex
import Foundation

/// A generated identifier: an n-gram of the corpus with what is known of it.
public struct Key: Sendable {
    /// Where a key came from.
    public enum Kind: String, Sendable, Codable {
        /// Generated inside passages.
        case body
        /// Generated as a whole title.
        case title
        /// A word n-gram of the query.
        case query
        /// A single token of the first step.
        case unigram
    }

    public var tokens: [Int32]
    public var kind: Kind
    /// How often it occurs in the corpus, and where.
    public var rows: FMIndex.Rows
    /// log p(n | q): the sum of the model's full-vocabulary log-probabilities.
    public var logProb: Float
    /// What one occurrence adds to a passage; see ``KeyWeighting``.
    public var weight: Float = 0

    public var count: Int { rows.count }

    public init(
        tokens: [Int32], kind: Kind, rows: FMIndex.Rows, logProb: Float, weight: Float = 0
    ) {
        self.tokens = tokens
        self.kind = kind
        self.rows = rows
        self.logProb = logProb
        self.weight = weight
    }
}

/// SEAL's key weight (Bevilacqua et al. 2022, section 3.2; `keys.py` of the reference): the
/// log-odds of the key given the query against the key in the corpus, cut at zero, to a power.
///
///     p(n) = (count(n) + smoothing) / (N + smoothing)
///     w(n) = max(0, log(p(n|q) (1 - p(n))) - log(p(n) (1 - p(n|q)))) ^ exponent
public struct KeyWeighting: Sendable, Codable, Equatable {
    public var exponent: Float = 2
    public var smoothing: Float = 5

    public init() {}

    /// The log-odds, not below zero, without the exponent.
    public func logOdds(logProb: Float, count: Int, corpusTokens: Int) -> Float {
        guard count > 0 else { return 0 }
        let given = Double(min(logProb, -1e-10))
        let prior = (Double(count) + Double(smoothing)) / (Double(corpusTokens) + Double(smoothing))
        guard prior < 1 else { return 0 }
        let odds = given + log1p(-prior) - log(prior) - log(-expm1(given))
        return Float(max(0, odds))
    }

    public func weight(logProb: Float, count: Int, corpusTokens: Int) -> Float {
        pow(logOdds(logProb: logProb, count: count, corpusTokens: corpusTokens), exponent)
    }
}
