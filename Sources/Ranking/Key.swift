/// A generated identifier: an n-gram of the corpus with what is known of it.
public struct Key: Sendable {
    /// Where a key came from.
    public enum Kind: String, Sendable, Codable {
        /// Generated inside passages.
        case body
        /// Generated as a whole title.
        case title
        /// Generated as a whole pseudo-query that a passage carries.
        case pseudoQuery
        /// A word n-gram of the query.
        case query
        /// Another form of a word of the query (``EnglishInflections``).
        case inflection
        /// A single token of the first step.
        case unigram
        /// The query's terms, as the floor scores them (``TermFloor``); only in explanations.
        case terms
    }

    package var tokens: [Int32]
    package var kind: Kind
    /// How often it occurs in the whole corpus; of a whole key only where a word ends with it.
    package var count: Int
    /// Whether only those occurrences count that a word ends with.
    package var isWhole = false
    /// Whether this is a name of several words (``NgramQuery/runs``), which weighs what its words
    /// weigh besides its own: where it stands, it takes their place.
    package var isRun = false
    /// Whether this is a word of the query that a floor has scored: it adds nothing, and explains its tokens.
    package var isTerm = false
    /// What it adds to a floor's score of the query's terms; nil where it adds nothing, or there is no floor.
    package var increment: KeyClass?
    /// log p(n | q): the sum of the model's full-vocabulary log-probabilities.
    package var logProb: Float
    /// What one occurrence adds to a passage; see ``KeyWeighting``.
    package var weight: Float = 0
    /// Of another form of a query's word, that word: evidence that the word has given the form does not
    /// give again.
    package var word: [Int32]?
    /// How often a word of the query and all its forms occur, which each of them is weighed by: none is worth
    /// more for being the rare one. Nil for other keys.
    package var familyCount: Int?

    /// The tokens that the key explains.
    var covered: [Int32] { word ?? tokens }

    package init(tokens: [Int32], kind: Kind, logProb: Float, count: Int, weight: Float = 0) {
        self.tokens = tokens
        self.kind = kind
        self.count = count
        self.logProb = logProb
        self.weight = weight
    }
}
