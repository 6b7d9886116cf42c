/// How n-grams are generated, weighed and gathered.
public struct NgramOptions: Sendable, Codable, Equatable {
    /// The number of beams.
    public var beams = 15
    /// The longest generated n-gram, in tokens.
    public var keyLength = 9
    /// Whether n-grams inside passages are generated.
    public var decodesBodies = true
    /// The longest generated title or pseudo-query, in tokens, its end included.
    public var titleLength = 15
    public var decodesTitles = true
    /// Whether titles that were not finished are keys too, as n-grams at a passage's start.
    public var keepsPartialTitles = false
    /// Whether pseudo-queries are generated, in an index whose passages carry any.
    public var decodesPseudoQueries = true
    /// Whether the query's own word n-grams, up to `queryWords` words, are keys too.
    public var addsQueryKeys = true
    public var queryWords = 3
    /// Whether keys are scored with the prompt they are weighed under, where that differs from the
    /// one they were generated with.
    public var rescores = true
    /// A key's score is divided by its length to this power.
    public var lengthPenalty: Float = 0
    /// How many single tokens of the first step weigh in.
    public var topUnigrams = 5000
    /// Whether the best single tokens become keys, as many as there are others.
    public var addsBestUnigrams = true
    /// Whether each step's probabilities are shared out among the allowed tokens only.
    public var renormalizes = false
    /// Whether the search drops what cannot become a key that weighs anything; nil where a model's
    /// steps are dear. The keys that weigh stay the same, but single tokens that become keys are fewer
    /// where keys without weight are not counted.
    public var dropsWeightless: Bool?
    /// A sequence that occurs at most so often is not continued.
    public var stopAtCount = 0
    /// Keys that occur more often are dropped; nil keeps all.
    public var maximumCount: Int?
    public var deviations: SEALDeviations = []
    /// Nil: increments over the query's terms, or SEAL's where it is to be imitated.
    public var scoring: NgramScoring?
    public var increments = KeyIncrements.usual
    public var model = AnchoredNgramOptions()
    public var weighting = KeyWeighting()
    public var evidence = EvidenceScorer.Options()

    public init() {}

    /// How it is scored where a floor is at hand.
    package var effectiveScoring: NgramScoring { scoring ?? (deviations.isEmpty ? .increments : .seal) }
}
