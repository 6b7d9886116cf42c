import Foundation

/// What a key adds to BM25's score of the query's terms.
///
/// A key is an n-gram of the corpus, `T` its terms and `Q` the query's. Its log-odds `o(n)` are those of ``KeyWeighting`` with
/// `draws`: how much likelier a relevant passage is to hold it than any passage is. Its increment is
///
///     w(n) = factor(class) · o(n) ^ exponent
///
/// and the class (``KeyClass``) says what the key knows that the terms do not. A key without terms says nothing and is none, nor is a
/// single term of the query: the floor has scored it. In a passage increments are taken greedily as SEAL takes its keys, where
/// the words of the query that stand there count as explained before: of a key that holds them only the rest is new.
///
/// The factors are not negative. ``usual`` was learnt with a softmax over passages on eleven collections that are none of those
/// which results are given for (docs/scoring.md).
public struct KeyIncrements: Sendable, Codable, Equatable {
    public var phrase: Float = 0.4
    /// Not learnt: whoever writes one wants it.
    public var name: Float = 2
    public var mixed: Float = 0.4
    /// Learning gave it nothing.
    public var fresh: Float = 0
    public var form: Float = 0.56
    /// Learning gave it nothing: the floor has the title's words.
    public var title: Float = 0
    /// Not learnt, as the collections have none: whoever asks one wants the passage.
    public var question: Float = 2
    /// The power that log-odds are raised to. With 1 a key grows with the corpus as an idf does, and weighs as much beside terms.
    public var exponent: Float = 1
    /// How much of an increment words take away that were explained before.
    public var beta: Float = 0.7

    public static let usual = KeyIncrements()

    public init() {}

    /// What keys are made, weighed and taken by: none is looked for whose class adds nothing.
    func applied(to options: NgramOptions) -> NgramOptions {
        var own = options
        own.decodesTitles = options.decodesTitles && title > 0
        own.decodesPseudoQueries = options.decodesPseudoQueries && question > 0
        own.topUnigrams = 0
        own.weighting = KeyWeighting()
        own.weighting.exponent = exponent
        own.weighting.draws = 120
        own.weighting.inflectionFactor = form
        own.evidence = EvidenceScorer.Options()
        own.evidence.maxHits = options.evidence.maxHits
        own.evidence.fullScore = options.evidence.fullScore
        own.evidence.allowsOverlaps = options.evidence.allowsOverlaps
        own.evidence.beta = beta
        return own
    }

    /// What a key of a class adds where nothing of it was explained before.
    ///
    /// - Parameter weighting: that of ``applied(to:)``.
    func weight(of key: Key, _ kind: KeyClass, _ weighting: KeyWeighting, corpus: CorpusSize) -> Float {
        let factor = factor(of: kind)
        guard factor > 0 else { return 0 }
        return factor
            * weighting.weight(
                logProb: key.logProb, count: key.familyCount ?? key.count, corpus: corpus, length: key.tokens.count)
    }

    private func factor(of kind: KeyClass) -> Float {
        switch kind {
        case .phrase: phrase
        case .name: name
        case .mixed: mixed
        case .fresh: fresh
        case .form: form
        case .title: title
        case .question: question
        }
    }
}
